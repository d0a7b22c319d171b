//! Without any macro: what `#[channel]` writes, written out.
//!
//! ```text
//! cargo run --example by_hand
//! curl --json '{"sender": "ada", "message": "Hi!"}' http://localhost:5005/webhooks/by_hand/webhook
//! ```

use std::sync::Arc;

use channel_core::{
    ChannelState, CollectedMessage, FromSettings, InputChannel, Json, Mistakes, OnNewMessage, Settings,
    TurnError, UserMessage,
    axum::{
        Router,
        routing::{get, post},
    },
};
use serde::Deserialize;

/// Its fields are its settings.
#[derive(Deserialize)]
pub struct ByHand {
    greeting: String,
}

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    message: String,
}

impl InputChannel for ByHand {
    fn name(&self) -> &str {
        "by_hand"
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        let health = async || Json(serde_json::json!({ "status": "ok" }));
        let receive = async move |on_new_message: OnNewMessage, body: Json<Incoming>| {
            self.receive(on_new_message, body).await
        };
        Router::new().route("/", get(health)).route("/webhook", post(receive))
    }
}

impl ByHand {
    async fn receive(
        &self,
        on_new_message: OnNewMessage,
        Json(body): Json<Incoming>,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let text = format!("{} {}", self.greeting, body.message);
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new(text, body.sender), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

impl FromSettings for ByHand {
    fn from_settings(settings: &Settings) -> Result<Self, Mistakes> {
        settings.read()
    }

    fn setting_names() -> Option<&'static [&'static str]> {
        channel_core::field_names::<Self>()
    }
}

channel_core::register!(ByHand, "by_hand");

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/by_hand/credentials.yml"))
        .run()
}
