//! What a front end sends along reaches custom actions: one in Rust, and one in Python on an action server.
//!
//! ```text
//! cargo run --example actions
//! curl --json '{"sender": "ada", "message": "hi", "metadata": {"locale": "it"}}' http://localhost:5005/webhooks/myio/webhook
//! curl --json '{"sender": "ada", "message": "where am I", "metadata": {"page": "/prices"}}' http://localhost:5005/webhooks/myio/webhook
//! ```
//!
//! The second one needs the action server: `pip install rasa-sdk`, then
//! `python -m rasa_sdk --actions actions` in `examples/actions/bot`.

use channel_core::{
    CollectedMessage, Json, Metadata, OnNewMessage, TurnError, UserMessage, channel, webhook,
};
use channel_server::{ActionCall, ActionOutcome};
use serde::Deserialize;

/// Settings: none.
#[channel(name = "myio")]
pub struct MyIo;

#[derive(Deserialize)]
struct Incoming {
    sender: String,
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
        let collector = on_new_message.collector();
        let message = UserMessage::new(body.message, body.sender).with_metadata(body.metadata);
        on_new_message.handle(message, collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/actions/credentials.yml"))
        .bot(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/actions/bot"))
        .action("action_greet", |call: &ActionCall<'_>| {
            let locale = call.metadata().and_then(|metadata| metadata.get("locale")?.as_str());
            Ok(ActionOutcome::new().say(if locale == Some("it") { "Ciao!" } else { "Hello!" }))
        })
        .run()
}
