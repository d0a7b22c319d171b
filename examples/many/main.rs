//! A channel in a crate of its own, and two instances of one channel, each with its own settings and route.
//!
//! ```text
//! cargo run --example many
//! curl --json '{"sender": "ada", "message": "Hi!"}' http://localhost:5005/webhooks/desk/sales/webhook
//! curl --json '{"sender": "ada", "message": "Hi!"}' http://localhost:5005/webhooks/desk/support/webhook
//! curl --json '{"station": "ADA-1", "report": "rain"}' --oauth2-bearer 'rain or shine' http://localhost:5005/webhooks/weather/webhook
//! ```

use channel_core::{CollectedMessage, Json, OnNewMessage, TurnError, UserMessage, channel, webhook};
use serde::Deserialize;
// Naming the crate links it, and linked it registers its channel.
use weather_channel as _;

/// A desk that signs what it says.
#[channel(name = "desk")]
pub struct Desk {
    signature: String,
}

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    message: String,
}

impl Desk {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        let text = format!("{} -- {}", body.message, self.signature);
        on_new_message.handle(UserMessage::new(text, body.sender), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/many/credentials.yml"))
        .run()
}
