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
    fn metadata(&self, request: &WebhookRequest) -> Result<Metadata, String> {
        Err(request.uri().to_string())
    }
}

fn main() {}
