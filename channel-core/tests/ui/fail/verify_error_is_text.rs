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
    fn verify(&self, request: &WebhookRequest) -> Result<(), String> {
        Err(request.uri().to_string())
    }
}

fn main() {}
