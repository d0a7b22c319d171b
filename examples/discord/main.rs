//! Discord as a channel of one's own: `docs/writing-a-connector.md` writes it step by step.
//!
//! ```text
//! cargo run --example discord
//! curl http://localhost:5005/webhooks/discord/
//! ```
//!
//! In the settings of an application on Discord, `https://bot.example.com/webhooks/discord/webhook` is the interactions
//! endpoint; Discord asks at once whether signatures are checked. `DISCORD_PUBLIC_KEY` is its public key.

mod discord;

use channel_core::{BotMessage, Button, UserMessage};

async fn answer(message: UserMessage) -> BotMessage {
    match message.text.as_str() {
        "/order" => BotMessage::text("What shall it be?")
            .with_buttons([Button::new("Tea", "/tea"), Button::new("Coffee", "/coffee")]),
        "/tea" | "/coffee" => BotMessage::text("It is on its way."),
        text => BotMessage::text(format!("You said {text}")),
    }
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/discord/credentials.yml"))
        .agent(answer)
        .run()
}
