use channel_core::{WebhookRequest, channel, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, request: &WebhookRequest) -> &'static str {
        let _ = request;
        "ok"
    }
}

fn main() {}
