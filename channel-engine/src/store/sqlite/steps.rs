//! What a step of a turn did.

use rusqlite::Connection;

use super::{
    super::{self as store, MessageKey, StoreError},
    columns::{Time, json},
    conversations::{self, Encoded},
    inbox,
    outbox::{self, Route},
    schedule::{self, Entry},
};
use crate::Conversation;

/// A step, as it is kept.
pub(super) struct Step {
    conversation: Conversation,
    events: Encoded,
    replies: Vec<String>,
    outward: Option<Route>,
    message: Option<MessageKey>,
    is_last: bool,
    supersedes: Vec<MessageKey>,
    schedule: Vec<Entry>,
    now: Time,
}

impl Step {
    pub(super) fn new(step: store::Step<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            conversation: step.conversation.clone(),
            events: Encoded::new(step.events)?,
            replies: step.replies.iter().map(json).collect::<Result<_, _>>()?,
            outward: step.outward.map(Route::new).transpose()?,
            message: step.message.cloned(),
            is_last: step.is_last,
            supersedes: step.supersedes.to_vec(),
            schedule: step.schedule.iter().map(Entry::new).collect::<Result<_, _>>()?,
            now: Time::now(),
        })
    }

    /// Keeps all of it; returns the numbers of the replies that are to be sent.
    pub(super) fn commit(&self, connection: &Connection) -> rusqlite::Result<Vec<u64>> {
        let now = self.now;
        let conversation = conversations::ensure(connection, &self.conversation, now)?;
        conversations::append(connection, conversation, &self.events, now)?;
        self.answer(connection)?;
        for entry in &self.schedule {
            schedule::push(connection, conversation, entry)?;
        }
        match &self.outward {
            Some(route) => outbox::push(connection, conversation, route, &self.replies, now),
            None => Ok(Vec::new()),
        }
    }

    /// Notes with the messages that it answers what was done.
    fn answer(&self, connection: &Connection) -> rusqlite::Result<()> {
        if let Some(key) = &self.message {
            let ended_at = self.is_last.then_some(self.now);
            inbox::progress(connection, key, self.events.count, &self.replies, ended_at)?;
        }
        if self.is_last {
            let by = self.message.as_ref().map_or("", |key| &key.message_id);
            inbox::supersede(connection, &self.supersedes, by, self.now)?;
        }
        Ok(())
    }
}
