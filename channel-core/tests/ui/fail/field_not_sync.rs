use channel_core::{OnNewMessage, VerifyError, WebhookRequest, channel, health, start, verify, webhook};

#[channel(name = "myio")]
pub struct MyIo {
    #[serde(skip)]
    pub seen: std::cell::RefCell<Vec<String>>,
}

impl MyIo {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> String {
        format!("{on_new_message:?}")
    }

    #[health]
    async fn health(&self) -> &'static str {
        "ok"
    }

    #[verify]
    async fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        request.json().map_err(|_| VerifyError::new("no JSON"))
    }

    #[start]
    async fn start(&self, _: OnNewMessage) {}
}

fn main() {}
