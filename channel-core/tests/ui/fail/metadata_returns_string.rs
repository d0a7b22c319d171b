use channel_core::{WebhookRequest, channel, metadata, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    pub username: String,
}

impl MyIo {
    #[webhook]
    async fn receive(&self) -> &'static str {
        "ok"
    }

    #[metadata]
    fn metadata(&self, request: &WebhookRequest) -> String {
        request.uri().to_string()
    }
}

fn main() {}
