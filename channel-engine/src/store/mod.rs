//! Where messages, conversations and replies are kept.

mod inbox;
mod letters;
mod memory;
mod outbox;
#[cfg(feature = "postgres")]
mod postgres;
mod read;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use inbox::{Accepted, Incoming, Kept, MessageKey, Pending, Progress, Retrial, State};
pub use letters::{Backlog, Content, DeadLetter, Filter, LetterId, Listed, ListedReply, NoLetterId};
pub use memory::MemoryStore;
pub use outbox::{Outgoing, Outward, Settlement};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use async_trait::async_trait;
use channel_core::{BotMessage, BoxError, Event, Recipient, UserMessage};
use tokio::sync::mpsc;

use crate::Conversation;

/// Keeps messages, what their turns did, and the replies that are on their way.
///
/// A call that returns has done what it says, for good: a store on a disk has written it, a store of several servers has
/// told it to all of them. A call that is dropped before it returns may have done it, or not; never a part of it.
///
/// A message goes through these calls: [`accept`](Self::accept); then [`commit`](Self::commit) for each step of its turn,
/// the last of which ends it; or [`fail`](Self::fail), which keeps it for another try or makes it a dead letter. A reply:
/// written by `commit`, read by [`unsent`](Self::unsent) where it is not in memory, ended by [`settle`](Self::settle).
///
/// Where several servers share a store, a conversation is held by one of them at a time ([`lease`](Self::lease)). What
/// holds a conversation shows the number of its lease (a fencing token), which grows with every lease: a call with an old
/// one is [`StoreError::Fenced`] and does nothing.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether what is kept is there after a restart.
    fn is_durable(&self) -> bool;

    // Inbox.

    /// Keeps a message, before anybody is told that it was taken.
    ///
    /// An id is new once in its channel, as long as it is remembered. But a dead letter whose caller waited for it, and was
    /// told that it failed, is [reopened](Accepted::Reopened) when a caller who waits delivers it again, in the same
    /// conversation: it is pending again, at the end, under a new number, without attempts. What its finished steps did stays
    /// done; their events are counted anew, since others may follow them by now.
    ///
    /// # Errors
    ///
    /// The message may not be kept: nobody may be told that it was.
    async fn accept(&self, message: Incoming<'_>) -> Result<Accepted, StoreError>;

    /// What became of a message; `None` where it is unknown.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn message(&self, key: &MessageKey) -> Result<Option<Kept>, StoreError>;

    /// The messages of a conversation whose turns are not over, in the order of their acceptance; so many at most.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn pending(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Pending>, StoreError>;

    /// Keeps a pending message for another try, or makes it a dead letter. One that is over or unknown is left alone.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn fail(&self, key: &MessageKey, lease: u64, error: &str, then: Retrial) -> Result<(), StoreError>;

    /// Ends pending messages without turns of their own: `by` says why, such as the id of the message in whose turn they
    /// were answered. Those that are over or unknown are left alone.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn supersede(&self, keys: &[MessageKey], lease: u64, by: &str) -> Result<(), StoreError>;

    // Conversations.

    /// All events of a conversation, the oldest first; `None` where there is no such conversation. A conversation begins
    /// with its first step, not with its first message.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError>;

    /// Keeps what a step did: all of it or nothing. Returns the numbers of the replies that are to be sent
    /// ([`Outgoing::id`]), in their order; none where nobody but the caller gets them.
    ///
    /// # Errors
    ///
    /// The step may not be kept: nothing of it may be told to anybody.
    async fn commit(&self, step: Step<'_>) -> Result<Vec<u64>, StoreError>;

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
    async fn replace(
        &self,
        conversation: &Conversation,
        lease: u64,
        events: &[Arc<Event>],
    ) -> Result<(), StoreError>;

    /// Forgets the events of a conversation; whether there were any. Its messages and replies stay.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn remove(&self, conversation: &Conversation, lease: u64) -> Result<bool, StoreError>;

    // Outbox.

    /// The replies of a conversation that are to be sent, in order; so many at most. Those with a time are not among them
    /// before it has [come](Self::ripen).
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn unsent(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Outgoing>, StoreError>;

    /// Keeps what became of a reply.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn settle(
        &self,
        conversation: &Conversation,
        lease: u64,
        id: u64,
        settlement: Settlement<'_>,
    ) -> Result<(), StoreError>;

    // Work.

    /// Puts the scheduled messages and replies whose time has come at the end of what is pending and unsent, and tells whose
    /// they are, and when to ask next.
    ///
    /// A scheduled message whose id is known already in its channel is forgotten.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn ripen(&self, now: SystemTime) -> Result<Ripe, StoreError>;

    /// Conversations with pending messages or unsent replies that no server holds, sorted, so many at most, only such as come
    /// after `after`. None of them is held by asking.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn work(&self, after: Option<&Conversation>, limit: usize)
    -> Result<Vec<Conversation>, StoreError>;

    /// Takes a conversation, or takes it once more, and returns the number of the lease; `None` where another server holds
    /// it. A store of a single server says 0.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn lease(&self, _conversation: &Conversation) -> Result<Option<u64>, StoreError> {
        Ok(Some(0))
    }

    /// Gives a conversation back, if that is still the number of its lease; whether another server left messages or replies
    /// in it meanwhile: then it may be leased again.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn release(&self, _conversation: &Conversation, _lease: u64) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Whether a conversation is still held under the number of a lease that was asked for at `taken`: told before each reply
    /// is sent. A store that can tell so by itself asks nobody.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn holds(
        &self,
        _conversation: &Conversation,
        _lease: u64,
        _taken: Instant,
    ) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// What other servers tell, from now on; `None` where there are no others. Called once.
    fn notices(&self) -> Option<mpsc::Receiver<Notice>> {
        None
    }

    // Channels.

    /// What a channel noted under a name; `None` where it noted nothing.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn note(&self, channel: &str, name: &str) -> Result<Option<String>, StoreError>;

    /// Notes a text under a name of the channel's, in place of what stood there.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn set_note(&self, channel: &str, name: &str, text: &str) -> Result<(), StoreError>;

    // Operators.

    /// How much there is to do.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn backlog(&self) -> Result<Backlog, StoreError>;

    /// The messages that fit the filter, the oldest first; dead letters are not among them.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn messages(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError>;

    /// The replies that fit the filter and are not sent, the oldest first; dead letters are not among them.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn replies(&self, filter: &Filter) -> Result<Vec<ListedReply>, StoreError>;

    /// The dead letters that fit the filter, the oldest first: messages, then replies.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn dead_letters(&self, filter: &Filter) -> Result<Vec<DeadLetter>, StoreError>;

    /// One dead letter; `None` where there is none of this id.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    async fn dead_letter(&self, id: LetterId) -> Result<Option<DeadLetter>, StoreError>;

    /// Makes a dead letter pending, or unsent, again, as if it came now, without attempts: at the end of what is, under a new
    /// number. Returns whose it is; `None` where there is none of this id. Nobody waits for the replies of a message any more: they are to be
    /// sent. What its finished steps did stays done; their events are counted anew, since others may follow them by now.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn replay(&self, id: LetterId) -> Result<Option<Conversation>, StoreError>;

    /// Ends a dead letter for good: a message is remembered as [superseded](State::Superseded) by `discarded`, a reply is
    /// forgotten. Whether there was one.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn discard(&self, id: LetterId) -> Result<bool, StoreError>;

    /// Forgets what is older than it has to be kept.
    ///
    /// # Errors
    ///
    /// The store can't be written.
    async fn sweep(&self, expired: Expired) -> Result<(), StoreError>;
}

/// What one step of a turn did.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// In which conversation.
    pub conversation: &'a Conversation,
    /// The number under which the conversation is held.
    pub lease: u64,
    /// What happened since the step before.
    pub events: &'a [Arc<Event>],
    /// What the bot said.
    pub replies: &'a [BotMessage],
    /// How the replies are to be sent; `None` where the caller gets them.
    pub outward: Option<Outward<'a>>,
    /// The message that the turn answers; `None` for a change from outside.
    pub message: Option<&'a MessageKey>,
    /// Which step of its message's turn it is: the first is 0. A store whose answer to a call may have been
    /// lost does not keep a step of that number again that it has kept: it returns the numbers of its replies that are not
    /// sent. Without a message it says nothing.
    pub number: u32,
    /// Whether the turn is over with this step.
    pub is_last: bool,
    /// The messages that the turn answers too: with the last step they are superseded by the id of its message.
    pub supersedes: &'a [MessageKey],
    /// What is to happen later.
    pub schedule: &'a [Scheduled],
}

/// What is to happen at a time: a message that is accepted then, or a reply that is sent then.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheduled {
    /// When.
    pub due: SystemTime,
    /// Through which channel, as in [`MessageKey::channel`].
    pub channel: Arc<str>,
    /// What.
    pub what: Due,
}

/// What happens at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    /// This message is accepted. It answers to nobody who waits.
    Message(Box<UserMessage>),
    /// This reply is sent there.
    Reply(Recipient, Box<BotMessage>),
}

/// What of the scheduled has come due.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ripe {
    /// Whose messages are pending, and whose replies unsent, that were scheduled.
    pub conversations: Vec<Conversation>,
    /// When the next of the scheduled is due; `None` where nothing is scheduled.
    pub next: Option<SystemTime>,
}

/// What another server tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// It wants this conversation, which is held here, for messages that it has accepted: look for what is pending.
    Wanted(Conversation),
    /// The turn of this message, which was accepted here and whose caller waits, is over.
    Over(MessageKey),
    /// Something was scheduled for this time.
    Scheduled(SystemTime),
    /// Notices may have been missed.
    Missed,
}

/// How old what is forgotten has to be.
#[derive(Clone, Copy, Debug)]
pub struct Expired {
    /// Messages that were over before are forgotten: from then on their ids are new again.
    pub messages: SystemTime,
    /// Dead letters from before are forgotten: from then on the ids of messages among them are new again.
    pub dead_letters: SystemTime,
    /// The events of conversations to which no step was added since, and in which nothing is pending or unsent, are
    /// forgotten; `None`: none are.
    pub conversations: Option<SystemTime>,
}

/// A store failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It can't be read or written.
    #[error("the store failed: {0}")]
    Failed(#[source] BoxError),
    /// Another server holds the conversation meanwhile: whatever was about to be done is its to do.
    #[error("another server has taken over the conversation")]
    Fenced,
}

impl StoreError {
    /// A failure with this cause or text.
    pub fn new(cause: impl Into<BoxError>) -> Self {
        Self::Failed(cause.into())
    }
}
