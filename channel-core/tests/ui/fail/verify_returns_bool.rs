use channel_core::{WebhookRequest, channel, verify, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[verify]
    fn verify(&self, request: &WebhookRequest) -> bool {
        request.body().is_empty()
    }
}

fn main() {}
