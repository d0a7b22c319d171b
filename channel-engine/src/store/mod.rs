//! Where conversations are kept.

mod memory;

pub use memory::MemoryStore;

use std::{sync::Arc, time::SystemTime};

use async_trait::async_trait;
use channel_core::{BotMessage, BoxError, Event, UserMessage};

use crate::Conversation;

/// Keeps messages, and what their turns did.
///
/// A call that returns has done what it says, for good: a store on a disk has written it, a store of several servers has
/// told it to all of them. [`MemoryStore`] keeps it as long as the process lives.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Keeps a message, before anybody is told that it was taken.
    ///
    /// # Errors
    ///
    /// The message may not be kept: nobody may be told that it was.
    async fn accept(
        &self,
        conversation: &Conversation,
        message: &UserMessage,
    ) -> Result<Accepted, StoreError>;

    /// The replies that the turn of a message gave; `None` where the message is unknown or its turn is not over.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn replies(&self, message: &MessageKey) -> Result<Option<Vec<BotMessage>>, StoreError>;

    /// All events of a conversation, the oldest first; `None` where there is no such conversation.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError>;

    /// Keeps what a step did: all of it or nothing.
    ///
    /// # Errors
    ///
    /// The step may not be kept: nothing of it may be told to anybody.
    async fn commit(&self, step: Step<'_>) -> Result<(), StoreError>;

    /// Gives up a message whose turn failed. When it is delivered again it is new. One whose turn is over stays so: its
    /// replies could not be sent, but are kept.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn fail(&self, message: &MessageKey) -> Result<(), StoreError>;

    /// The conversations with a sender, through whatever channels, sorted by channel.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError>;

    /// Puts these events in place of a conversation's.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn replace(&self, conversation: &Conversation, events: &[Arc<Event>]) -> Result<(), StoreError>;

    /// Forgets a conversation; whether there was one.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn remove(&self, conversation: &Conversation) -> Result<bool, StoreError>;

    /// Forgets the messages whose turns were over before that time: from then on their ids are new again.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn sweep(&self, before: SystemTime) -> Result<(), StoreError>;
}

/// Names a message: no two of one channel have one id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageKey {
    /// The channel, as in [`Conversation::channel`].
    pub channel: Arc<str>,
    /// The message's id.
    pub message_id: Arc<str>,
}

/// What became of a message that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is kept, and its turn is to run.
    New,
    /// A message of that id was kept before; this one has no turn of its own.
    Duplicate,
}

/// What one step of a turn did.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// In which conversation.
    pub conversation: &'a Conversation,
    /// What happened since the step before.
    pub events: &'a [Arc<Event>],
    /// What the bot said.
    pub replies: &'a [BotMessage],
    /// The message that the turn answers; `None` for a change from outside.
    pub message: Option<&'a MessageKey>,
    /// Whether the turn is over with this step.
    pub is_last: bool,
}

/// The store failed.
#[derive(Debug, thiserror::Error)]
#[error("the store failed: {0}")]
pub struct StoreError(#[source] BoxError);

impl StoreError {
    /// A failure with this cause or text.
    pub fn new(cause: impl Into<BoxError>) -> Self {
        Self(cause.into())
    }
}

impl MessageKey {
    /// The key of a message in a conversation.
    pub fn of(conversation: &Conversation, message: &UserMessage) -> Self {
        Self { channel: Arc::clone(&conversation.channel), message_id: message.message_id.as_str().into() }
    }
}
