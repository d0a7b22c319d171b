//! What the fakes of all platforms are asked for.

use channel_core::{BoxError, async_trait};
use channel_engine::Conversation;
use channel_testkit::{Call, Delivery, Fault};

use super::front::Front;

/// A platform on this machine.
#[async_trait]
pub(super) trait Fake: Send + Sync {
    /// The channel, as `credentials.yml` has it.
    fn credentials(&self, front: &Front) -> String;

    /// Waits until the bot can be told things.
    async fn ready(&self) -> Result<(), BoxError>;

    /// A chat of somebody with the bot; no two have one number.
    fn chat(&self, number: u32) -> Box<dyn Chat>;

    /// The bot's calls.
    fn calls(&self) -> Vec<Call>;

    /// What a call shows to people, and the id of the chat where it does; `None` where it shows nothing.
    fn shown(&self, call: &Call) -> Option<(String, String)>;
}

/// Where one person talks to the bot.
#[async_trait]
pub(super) trait Chat: Send + Sync {
    /// What this is to the bot.
    fn conversation(&self) -> Conversation;

    /// What this is to the platform.
    fn id(&self) -> String;

    /// Writes this.
    async fn say(&self, text: &str) -> Delivery;

    /// Uses the command `/count` with this.
    async fn count(&self, argument: &str) -> Delivery;

    /// Presses the button with this title.
    async fn press(&self, title: &str) -> Result<Delivery, BoxError>;

    /// The words of the bot's next message.
    async fn next_reply(&self) -> Result<String, BoxError>;

    /// Lets what happens next arrive twice.
    fn duplicate_next(&self);

    /// Lets the next call fail that is to show something.
    fn fail_next(&self, fault: Fault);
}
