//! The documentation's first example: a channel of one's own, whose replies go back in the answer.
//!
//! ```text
//! cargo run --example myio
//! curl --json '{"sender": "test_user", "message": "Hi there!", "metadata": {}}' http://localhost:5005/webhooks/myio/webhook
//! ```

use channel_core::{
    CollectedMessage, Json, Metadata, OnNewMessage, TurnError, UserMessage, channel, webhook,
};
use serde::Deserialize;

/// Its fields are its settings in `credentials.yml`.
#[channel(name = "myio")]
pub struct MyIo {
    username: String,
    another_parameter: Option<String>,
}

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    #[serde(alias = "text")]
    message: String,
    metadata: Option<Metadata>,
}

impl MyIo {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        tracing::debug!(self.username, self.another_parameter, "received");
        let collector = on_new_message.collector();
        let message = UserMessage::new(body.message, body.sender).with_metadata(body.metadata);
        on_new_message.handle(message, collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/myio/credentials.yml"))
        .agent(|message: UserMessage| async move { format!("You said: {}", message.text) })
        .run()
}
