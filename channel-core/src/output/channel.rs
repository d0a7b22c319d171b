//! The trait of output channels.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{Capabilities, SendError, SendLimits, Sent, parts, plain_text};
use crate::{
    message::{BotMessage, Button, Element, Recipient},
    tracker::TrackerState,
};

/// Sends the bot's messages to a platform.
///
/// Only [`send_text`](Self::send_text) has to be written. Everything else degrades to text, word for word as Rasa's
/// base class does, so that no part of a message is lost on a platform that can show less.
#[async_trait]
pub trait OutputChannel: Send + Sync {
    /// The channel's name: what response variations (`channel: myio`) are chosen by.
    fn name(&self) -> &str;

    /// Sends text. `message` is the whole message that the text is part of.
    async fn send_text(&self, to: &Recipient, text: &str, message: &BotMessage) -> Result<Sent, SendError>;

    /// Sends text with choices. Without an override: the text, then a line of text for each choice.
    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        plain_text::buttons(self, to, text, buttons).await
    }

    /// Sends text with choices that vanish once one is taken. Without an override: as buttons.
    async fn send_quick_replies(
        &self,
        to: &Recipient,
        text: Option<&str>,
        quick_replies: &[Button],
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.send_buttons(to, text, quick_replies, &BotMessage::default()).await
    }

    /// Sends JSON in the platform's own shape. Without an override: the JSON as text.
    async fn send_custom(
        &self,
        to: &Recipient,
        custom: &Value,
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        plain_text::custom(self, to, custom).await
    }

    /// Sends an image by its address. Without an override: `Image: <address>`.
    async fn send_image(
        &self,
        to: &Recipient,
        image: &str,
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        plain_text::image(self, to, image).await
    }

    /// Sends a file. Without an override: `Attachment: <address>`.
    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        plain_text::attachment(self, to, attachment).await
    }

    /// Sends cards. Without an override: `<title> : <subtitle>` with the card's buttons, for each card.
    async fn send_elements(
        &self,
        to: &Recipient,
        elements: &[Element],
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        plain_text::elements(self, to, elements).await
    }

    /// Sends every part of a message that is there, in Rasa's order: quick replies, or else buttons, or else the text;
    /// then custom JSON, image, attachment, elements; as [`capabilities`](Self::capabilities) say, in so many calls. The first
    /// failure ends it, and says how many calls went well.
    async fn send(&self, to: &Recipient, message: &BotMessage) -> Result<Sent, SendError> {
        parts::send(self, to, message).await
    }

    /// What the platform shows, and how much of it. Without an override nothing is declared: every part of a message goes to
    /// its method as it is.
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    /// How much the platform takes in which time. What goes out through the outbox keeps to it; without an override there is
    /// no limit.
    fn limits(&self) -> SendLimits {
        SendLimits::default()
    }

    /// Whether a chat is one that [`SendLimits::group`] holds for.
    fn is_group(&self, _to: &Recipient) -> bool {
        false
    }

    /// The method of the platform that sends this message, as [`SendLimits::methods`] names it.
    fn method(&self, _message: &BotMessage) -> &'static str {
        "send"
    }

    /// Whether the state of the conversation is set at all. Making it costs what the conversation is long: a channel that
    /// shows it to nobody may say no.
    fn wants_tracker_state(&self) -> bool {
        true
    }

    /// Takes the state of the conversation after an action, before that action's messages are sent.
    fn set_tracker_state(&self, _state: Arc<TrackerState>) {}

    /// The state of the conversation as last set; `None` where the channel keeps none.
    fn tracker_state(&self) -> Option<Arc<TrackerState>> {
        None
    }
}
