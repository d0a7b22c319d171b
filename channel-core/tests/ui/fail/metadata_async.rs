use channel_core::{Metadata, WebhookRequest, channel, metadata, webhook};

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
    async fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
        request.json().ok()
    }
}

fn main() {}
