//! `#[metadata]`: what a request carries besides the text, for the bot to see.
//!
//! ```text
//! cargo run --example metadata
//! curl --json '{"from": "ada", "text": "Hi!", "locale": "it"}' http://localhost:5005/webhooks/localized/webhook
//! ```

use channel_core::{
    CollectedMessage, Json, Metadata, OnNewMessage, TurnError, UserMessage, WebhookRequest, channel,
    metadata, webhook,
};
use serde::Deserialize;

/// Settings: none.
#[channel(name = "localized")]
pub struct Localized;

#[derive(Deserialize)]
struct Incoming {
    from: String,
    text: String,
}

impl Localized {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        // The message names no metadata of its own, so it gets what the method below finds.
        on_new_message.handle(UserMessage::new(body.text, body.from), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }

    #[metadata]
    fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
        let mut body: Metadata = request.json().ok()?;
        body.retain(|key, _| key == "locale");
        Some(body)
    }
}

async fn greet(message: UserMessage) -> &'static str {
    let locale = message.metadata.as_ref().and_then(|metadata| metadata.get("locale")?.as_str());
    match locale {
        Some("it") => "Ciao!",
        Some("de") => "Hallo!",
        _ => "Hello!",
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/metadata/credentials.yml"))
        .agent(greet)
        .run()
}
