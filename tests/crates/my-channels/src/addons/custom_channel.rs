//! The documentation's channel, with no dependency but channel-core.

use channel_core::{CollectedMessage, Json, Metadata, OnNewMessage, Problem, UserMessage, channel, webhook};

/// Answers in the answer.
#[channel(name = "myio")]
pub struct MyIo {
    username: Option<String>,
}

impl MyIo {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Metadata>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, Problem> {
        let text = |key| body.get(key).and_then(|value| value.as_str());
        let sender = text("sender").or(self.username.as_deref());
        let (Some(sender), Some(message)) = (sender, text("message")) else {
            return Err(Problem::bad_request("`sender` or `message` is missing"));
        };
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new(message, sender), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}
