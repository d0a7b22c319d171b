//! What goes in and what comes out: user messages, bot messages, and where they are going.

mod bot_message;
mod id;
mod recipient;
mod user_message;

pub use bot_message::{BotMessage, Button, Element};
pub use id::unique_id;
pub use recipient::Recipient;
pub use user_message::UserMessage;

/// What a front end sends along with a message, for custom actions to read: a JSON object.
///
/// It does not influence what the bot understands, only what actions can see.
pub type Metadata = serde_json::Map<String, serde_json::Value>;
