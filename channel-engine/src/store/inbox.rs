//! Messages on their way into turns.

use std::{sync::Arc, time::SystemTime};

use channel_core::{BotMessage, UserMessage};

use crate::Conversation;

/// Names a message: no two of one channel have one id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey {
    /// The channel that it came through, with `/` and the instance where it has several: `slack/acme`. Also where all
    /// channels share their conversations.
    pub channel: Arc<str>,
    /// The message's id.
    pub message_id: Arc<str>,
}

impl MessageKey {
    /// The key of a message that comes through this channel.
    pub fn new(channel: impl Into<Arc<str>>, message_id: impl Into<Arc<str>>) -> Self {
        Self { channel: channel.into(), message_id: message_id.into() }
    }
}

/// A message to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The conversation that it belongs to.
    pub conversation: &'a Conversation,
    /// The channel that it came through, as in [`MessageKey::channel`].
    pub channel: &'a Arc<str>,
    /// The message.
    pub message: &'a UserMessage,
    /// Whether its caller waits for the replies.
    pub waits: bool,
}

/// What became of a message that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is kept, and its turn is to run.
    New {
        /// Its number, which grows with each message of its conversation.
        id: u64,
    },
    /// A caller who waits delivers a message again whose turn failed for good: its turn is to go on.
    Reopened {
        /// Its number, which is a new one.
        id: u64,
    },
    /// A message of that id was kept before; this one has no turn of its own.
    Duplicate,
}

/// A message whose turn is not over.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Its number, which grows with each message of its conversation.
    pub id: u64,
    /// The channel that it came through, as in [`MessageKey::channel`].
    pub channel: Arc<str>,
    /// The message.
    pub message: UserMessage,
    /// Whether its caller waits for the replies: then they are not sent.
    pub waits: bool,
    /// When it was accepted.
    pub accepted_at: SystemTime,
    /// How often its turn has failed.
    pub attempts: u32,
    /// Not to be tried before this time.
    pub retry_at: Option<SystemTime>,
    /// What its turn has done so far.
    pub progress: Progress,
}

/// What the finished steps of a turn have done that is not over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// How many steps are finished.
    pub steps: u32,
    /// How many events they added since the message was accepted, reopened or replayed: the last ones of the conversation.
    pub events: u64,
    /// What the bot said in them.
    pub replies: Vec<BotMessage>,
}

/// What a message became.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// How it stands.
    pub state: State,
    /// What its turn has done so far, or altogether. The events are counted as long as it is pending.
    pub progress: Progress,
}

/// How a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Its turn is not over.
    Pending,
    /// Its turn is over.
    Over,
    /// It had no turn of its own: this says why.
    Superseded(String),
    /// Its turn failed for good, with this error.
    Dead(String),
}

/// What is to become of a message whose turn failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retrial {
    /// Its turn is run again at this time; the failure counts as an attempt.
    At(SystemTime),
    /// It is a dead letter.
    Never,
}
