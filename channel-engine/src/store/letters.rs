//! What operators see.

use std::{fmt, str::FromStr, sync::Arc, time::SystemTime};

use channel_core::{BotMessage, Recipient, UserMessage};

use super::{MessageKey, State};
use crate::Conversation;

/// How much there is to do. Times are those of acceptance, and of the step that the reply is of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backlog {
    /// How many messages are pending.
    pub pending: u64,
    /// Since when the oldest of them is.
    pub oldest_pending: Option<SystemTime>,
    /// How many replies are not sent.
    pub unsent: u64,
    /// Since when the oldest of them is.
    pub oldest_unsent: Option<SystemTime>,
    /// How many messages and replies are scheduled.
    pub scheduled: u64,
    /// How many dead letters there are.
    pub dead_letters: u64,
}

/// What is listed. What is `None` fits all.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of this channel, as in [`MessageKey::channel`].
    pub channel: Option<Arc<str>>,
    /// Of conversations with this sender.
    pub sender_id: Option<Arc<str>>,
    /// Whether only what is not over.
    pub unfinished: bool,
    /// So many at most.
    pub limit: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self { channel: None, sender_id: None, unfinished: false, limit: 100 }
    }
}

/// A message, as an operator sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which.
    pub key: MessageKey,
    /// Of which conversation.
    pub conversation: Conversation,
    /// How it stands.
    pub state: State,
    /// When it was accepted.
    pub accepted_at: SystemTime,
    /// How often its turn has failed.
    pub attempts: u32,
    /// Why, the last time.
    pub error: Option<String>,
}

/// A reply that is not sent, as an operator sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedReply {
    /// Its number.
    pub id: u64,
    /// Of which conversation.
    pub conversation: Conversation,
    /// Through which channel it goes, as in [`MessageKey::channel`].
    pub channel: Arc<str>,
    /// Since when it is to be sent.
    pub since: SystemTime,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// Not to be tried before this time.
    pub retry_at: Option<SystemTime>,
    /// Why, the last time.
    pub error: Option<String>,
}

/// Names a dead letter: `m17` is a message, `r42` a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LetterId {
    /// A message that could not be answered.
    Message(u64),
    /// A reply that could not be sent.
    Reply(u64),
}

/// What could not be answered, or not be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// Which.
    pub id: LetterId,
    /// Of which conversation.
    pub conversation: Conversation,
    /// Through which channel it came or was to go, as in [`MessageKey::channel`].
    pub channel: Arc<str>,
    /// Since when it is a dead letter.
    pub since: SystemTime,
    /// How often it was tried, the last time included.
    pub attempts: u32,
    /// Why, the last time.
    pub error: String,
    /// What it says.
    pub content: Content,
}

/// What a dead letter says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The message.
    Message(Box<UserMessage>),
    /// The reply.
    Reply {
        /// Where it was to go.
        to: Recipient,
        /// What it was.
        reply: Box<BotMessage>,
        /// `failed`, `partial` or `unknown`: what of it the user may have got.
        outcome: String,
    },
}

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(id) => write!(f, "m{id}"),
            Self::Reply(id) => write!(f, "r{id}"),
        }
    }
}

/// The text names no dead letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no dead letter: write `m` or `r` and a number, as they are listed")]
pub struct NoLetterId(String);

impl FromStr for LetterId {
    type Err = NoLetterId;

    fn from_str(text: &str) -> Result<Self, NoLetterId> {
        let number =
            |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok());
        let id = match text.split_at_checked(1) {
            Some(("m", digits)) => number(digits).flatten().map(Self::Message),
            Some(("r", digits)) => number(digits).flatten().map(Self::Reply),
            _ => None,
        };
        id.ok_or_else(|| NoLetterId(text.to_owned()))
    }
}
