//! The documentation's second example: what the bot knows of the conversation goes back with its replies.
//!
//! ```text
//! cargo run --example tracker_state
//! curl --json '{"sender": "test_user", "text": "hi", "metadata": {"locale": "it"}}' http://localhost:5005/webhooks/myio/webhook
//! ```

use channel_core::{
    Json, Metadata, OnNewMessage, OutputChannel, TurnError, UserMessage, axum::http::HeaderMap, channel,
    webhook,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Settings: none.
#[channel(name = "myio")]
pub struct MyIo;

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    text: String,
    metadata: Option<Metadata>,
}

impl MyIo {
    #[webhook]
    async fn receive(
        &self,
        headers: HeaderMap,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Value>, TurnError> {
        let collector = on_new_message.collector();
        let message = UserMessage::new(body.text, &body.sender)
            .with_metadata(body.metadata.clone())
            .with_headers(&headers);
        on_new_message.handle(message, collector.clone()).await?;
        Ok(Json(json!({
            "messages": collector.take_messages(),
            "metadata": body.metadata,
            "conversation_id": body.sender,
            "tracker_state": collector.tracker_state().as_deref(),
        })))
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/tracker_state/credentials.yml"))
        .bot(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/greeting/bot"))
        .run()
}
