//! One message being answered.

use std::{mem, sync::Arc, time::SystemTime};

use async_trait::async_trait;

use super::AgentError;
use crate::{BotMessage, Event, EventKind, Metadata, Tracker, UserMessage};

/// One message being answered: what was said, in which conversation, and the replies so far.
///
/// A turn has steps. [`reply`](Self::reply) collects; [`flush`](Self::flush) ends a step, and its replies go out at
/// once. What is left at the end of the turn is its last step.
pub struct Turn<'a> {
    message: &'a UserMessage,
    tracker: &'a mut Tracker,
    steps: &'a dyn Steps,
    replies: Vec<BotMessage>,
    later: Vec<(SystemTime, BotMessage)>,
    /// How many events the tracker had when the turn began.
    before: usize,
    /// Whether the agent keeps a record of what is said, once that shows.
    records: Option<bool>,
}

/// Takes the steps of a turn: written by who runs turns, not by agents.
#[async_trait]
pub trait Steps: Send + Sync {
    /// The name of the channel that the replies go out through.
    fn channel(&self) -> &str;

    /// Keeps what one step added to the tracker, and takes its replies on their way: `replies` now, those of `later` at their
    /// times.
    ///
    /// # Errors
    ///
    /// The step could not be kept, or its replies not be sent.
    async fn commit(
        &self,
        tracker: &Tracker,
        replies: Vec<BotMessage>,
        later: Vec<(SystemTime, BotMessage)>,
    ) -> Result<(), AgentError>;
}

impl<'a> Turn<'a> {
    /// The turn of a message in a conversation.
    pub fn new(message: &'a UserMessage, tracker: &'a mut Tracker, steps: &'a dyn Steps) -> Self {
        let before = tracker.events().len();
        Self { message, tracker, steps, replies: Vec::new(), later: Vec::new(), before, records: None }
    }

    /// The message to answer.
    pub fn message(&self) -> &'a UserMessage {
        self.message
    }

    /// The name of the channel that the replies go out through: what variations of a response are chosen by.
    pub fn channel(&self) -> &'a str {
        self.steps.channel()
    }

    /// What is known of the conversation.
    pub fn tracker(&self) -> &Tracker {
        self.tracker
    }

    /// What is known of the conversation, to be added to.
    pub fn tracker_mut(&mut self) -> &mut Tracker {
        self.tracker
    }

    /// Adds a reply.
    pub fn reply(&mut self, reply: impl Into<BotMessage>) {
        self.replies.push(reply.into());
    }

    /// Adds a reply that is sent at that time, also if the server is started again before. Where the channel can only answer,
    /// nobody gets it.
    pub fn reply_at(&mut self, due: SystemTime, reply: impl Into<BotMessage>) {
        self.later.push((due, reply.into()));
    }

    /// Ends a step: what it added to the tracker is kept, and its replies go out now, as in "one moment, I am looking
    /// it up". A step without replies goes on into the next one.
    ///
    /// # Errors
    ///
    /// The step could not be kept, or its replies not be sent.
    pub async fn flush(&mut self) -> Result<(), AgentError> {
        if self.replies.is_empty() && self.later.is_empty() {
            return Ok(());
        }
        self.end_step().await
    }

    /// Ends the last step, whether it has replies or not: called by who runs turns, after the agent.
    ///
    /// # Errors
    ///
    /// The step could not be kept, or its replies not be sent.
    pub async fn finish(mut self) -> Result<(), AgentError> {
        self.end_step().await
    }

    async fn end_step(&mut self) -> Result<(), AgentError> {
        if !self.agent_records() {
            self.record_choices();
        }
        self.steps.commit(self.tracker, mem::take(&mut self.replies), mem::take(&mut self.later)).await
    }

    fn agent_records(&mut self) -> bool {
        let is_said =
            |event: &Arc<Event>| matches!(event.kind, EventKind::User { .. } | EventKind::Bot { .. });
        *self.records.get_or_insert_with(|| self.tracker.events().iter().skip(self.before).any(is_said))
    }

    /// Where the agent keeps no record of what is said: what it let the user choose from, and that the user spoke after that. A
    /// choice that comes in by its number is understood by this.
    fn record_choices(&mut self) {
        if self.is_answered() {
            self.tracker.apply(Event::user(self.message, Metadata::new()));
        }
        let replies = self.replies.iter().chain(self.later.iter().map(|(_, reply)| reply));
        for reply in replies.filter(|reply| !reply.buttons.is_empty() || !reply.quick_replies.is_empty()) {
            self.tracker.apply(Event::bot(reply));
        }
    }

    /// Whether the message comes after choices that nothing was said to yet.
    fn is_answered(&self) -> bool {
        let events = self.tracker.events();
        let is_user = |event: &&Arc<Event>| matches!(event.kind, EventKind::User { .. });
        let is_said = events.iter().rev().find(is_user).is_some_and(|event| match &event.kind {
            EventKind::User { message_id, .. } => message_id.as_deref() == Some(&self.message.message_id),
            _ => false,
        });
        let were_choices = events.last().is_some_and(|event| matches!(event.kind, EventKind::Bot { .. }));
        were_choices && !is_said && !self.message.text.is_empty()
    }
}
