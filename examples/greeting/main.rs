//! A response of its own for one channel: the bot in `bot/` greets `myio` otherwise than everybody else.
//!
//! ```text
//! cargo run --example greeting
//! curl --json '{"sender": "ada", "message": "hi"}' http://localhost:5005/webhooks/myio/webhook
//! curl --json '{"sender": "ada", "message": "hi"}' http://localhost:5005/webhooks/rest/webhook
//! ```

use channel_core::{CollectedMessage, Json, OnNewMessage, TurnError, UserMessage, channel, webhook};
use serde::Deserialize;

/// Its name is what `channel: myio` in `bot/domain.yml` means.
#[channel(name = "myio")]
pub struct MyIo;

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    message: String,
}

impl MyIo {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new(body.message, body.sender), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/greeting/credentials.yml"))
        .bot(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/greeting/bot"))
        .run()
}
