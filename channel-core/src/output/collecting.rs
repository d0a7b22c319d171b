//! The output channel that keeps what it is given.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{OutputChannel, SendError, Sent, Splitting, split_text};
use crate::{
    message::{BotMessage, Button, Recipient},
    tracker::TrackerState,
};

/// Keeps the bot's messages, for a caller who waits for them.
///
/// It carries the name of the channel that made it, so that response variations for that channel are chosen.
///
/// # Examples
///
/// ```
/// use channel_core::{BotMessage, CollectingOutputChannel, OutputChannel, Recipient};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), channel_core::SendError> {
/// let output = CollectingOutputChannel::new("myio");
/// output.send(&Recipient::new("test_user"), &BotMessage::text("Hi!\n\nHow are you?")).await?;
///
/// let replies = serde_json::json!(output.take_messages());
/// assert_eq!(
///     replies,
///     serde_json::json!([
///         { "recipient_id": "test_user", "text": "Hi!" },
///         { "recipient_id": "test_user", "text": "How are you?" },
///     ])
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CollectingOutputChannel {
    name: String,
    splitting: Splitting,
    messages: Mutex<Vec<CollectedMessage>>,
    wants_tracker_state: bool,
    tracker_state: Mutex<Option<Arc<TrackerState>>>,
}

/// One collected message, in the JSON shape of Rasa's REST replies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CollectedMessage {
    /// Whom it is for: the recipient's id.
    pub recipient_id: String,
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The address of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Choices shown with the text, quick replies among them; a card has the list even where it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buttons: Option<Vec<Button>>,
    /// A file: its address, or the object that the platform wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Value>,
    /// JSON in the platform's own shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<Value>,
}

impl CollectingOutputChannel {
    /// A collector for the channel of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            splitting: Splitting::default(),
            messages: Mutex::default(),
            wants_tracker_state: true,
            tracker_state: Mutex::default(),
        }
    }

    /// Sets how texts are split into messages.
    pub fn with_splitting(mut self, splitting: Splitting) -> Self {
        self.splitting = splitting;
        self
    }

    /// Collects without the state of the conversation, for a caller who shows it to nobody.
    pub fn without_tracker_state(mut self) -> Self {
        self.wants_tracker_state = false;
        self
    }

    /// What was collected so far.
    pub fn messages(&self) -> Vec<CollectedMessage> {
        lock(&self.messages).clone()
    }

    /// Takes what was collected so far out of the collector.
    pub fn take_messages(&self) -> Vec<CollectedMessage> {
        mem::take(&mut *lock(&self.messages))
    }

    /// The last message collected.
    pub fn latest_output(&self) -> Option<CollectedMessage> {
        lock(&self.messages).last().cloned()
    }

    fn keep(&self, message: CollectedMessage) -> Sent {
        lock(&self.messages).push(message);
        Sent::default()
    }
}

#[async_trait]
impl OutputChannel for CollectingOutputChannel {
    fn name(&self) -> &str {
        &self.name
    }

    async fn send_text(&self, to: &Recipient, text: &str, _message: &BotMessage) -> Result<Sent, SendError> {
        let parts = split_text(text, self.splitting)
            .map(|part| CollectedMessage { text: Some(part.to_owned()), ..CollectedMessage::to(to) });
        lock(&self.messages).extend(parts);
        Ok(Sent::default())
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let text = text.map(str::to_owned);
        Ok(self.keep(CollectedMessage { text, buttons: Some(buttons.to_vec()), ..CollectedMessage::to(to) }))
    }

    async fn send_custom(
        &self,
        to: &Recipient,
        custom: &Value,
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.keep(CollectedMessage { custom: Some(custom.clone()), ..CollectedMessage::to(to) }))
    }

    async fn send_image(
        &self,
        to: &Recipient,
        image: &str,
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.keep(CollectedMessage { image: Some(image.to_owned()), ..CollectedMessage::to(to) }))
    }

    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        _message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.keep(CollectedMessage { attachment: Some(attachment.clone()), ..CollectedMessage::to(to) }))
    }

    fn wants_tracker_state(&self) -> bool {
        self.wants_tracker_state
    }

    fn set_tracker_state(&self, state: Arc<TrackerState>) {
        *lock(&self.tracker_state) = Some(state);
    }

    fn tracker_state(&self) -> Option<Arc<TrackerState>> {
        lock(&self.tracker_state).clone()
    }
}

impl CollectedMessage {
    fn to(recipient: &Recipient) -> Self {
        Self { recipient_id: recipient.id.clone(), ..Self::default() }
    }
}

/// Nothing panics halfway through a change: what a poisoned lock guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
