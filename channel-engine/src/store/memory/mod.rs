//! A store that lasts as long as the process.

mod desk;
mod inbox;
mod letters;
mod logs;
mod message;
mod outbox;
mod queue;
mod schedule;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use async_trait::async_trait;
use channel_core::Event;

use self::{desk::Desk, logs::Logs};
use super::{
    Accepted, Backlog, DeadLetter, Expired, Filter, Incoming, Kept, LetterId, Listed, ListedReply,
    MessageKey, Outgoing, Pending, Retrial, Ripe, Settlement, Step, Store, StoreError,
};
use crate::Conversation;

/// Keeps everything in memory: a restart forgets it.
///
/// A conversation is kept as the JSON of its events, one a line, which takes a fraction of what they take as data: less
/// than 2 kB after one turn. The last 10,000 messages that are over are remembered, and of dead letters the last 1,000
/// messages and the last 1,000 replies; a dead letter that is forgotten is a message that nobody knows.
#[derive(Default)]
pub struct MemoryStore {
    logs: Logs,
    /// Locked before any of the logs, so that nobody sees one without the other.
    desk: Mutex<Desk>,
    /// By channel and name.
    notes: Mutex<HashMap<(String, String), String>>,
}

impl MemoryStore {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        lock(&self.desk)
    }

    fn forget_conversations(&self, before: SystemTime) {
        for conversation in self.logs.unchanged_since(before) {
            let desk = self.desk();
            if !desk.has_work(&conversation) {
                self.logs.remove_unchanged(&conversation, before);
            }
        }
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn is_durable(&self) -> bool {
        false
    }

    async fn accept(&self, message: Incoming<'_>) -> Result<Accepted, StoreError> {
        Ok(self.desk().inbox.accept(message, SystemTime::now()))
    }

    async fn message(&self, key: &MessageKey) -> Result<Option<Kept>, StoreError> {
        Ok(self.desk().inbox.get(key))
    }

    async fn pending(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Pending>, StoreError> {
        Ok(self.desk().inbox.pending(conversation, limit))
    }

    async fn fail(
        &self,
        key: &MessageKey,
        _lease: u64,
        error: &str,
        then: Retrial,
    ) -> Result<(), StoreError> {
        self.desk().inbox.fail(key, error, then, SystemTime::now());
        Ok(())
    }

    async fn supersede(&self, keys: &[MessageKey], _lease: u64, by: &str) -> Result<(), StoreError> {
        self.desk().inbox.supersede(keys, by, SystemTime::now());
        Ok(())
    }

    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError> {
        self.logs.load(conversation)
    }

    async fn commit(&self, step: Step<'_>) -> Result<Vec<u64>, StoreError> {
        let lines = logs::encode(step.events)?;
        let now = SystemTime::now();
        let mut desk = self.desk();
        self.logs.append(step.conversation, &lines, now);
        Ok(desk.commit(&step, now))
    }

    async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
        Ok(self.logs.find(sender_id))
    }

    async fn replace(
        &self,
        conversation: &Conversation,
        _lease: u64,
        events: &[Arc<Event>],
    ) -> Result<(), StoreError> {
        let lines = logs::encode(events)?;
        self.logs.replace(conversation, lines, SystemTime::now());
        Ok(())
    }

    async fn remove(&self, conversation: &Conversation, _lease: u64) -> Result<bool, StoreError> {
        Ok(self.logs.remove(conversation))
    }

    async fn unsent(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        Ok(self.desk().outbox.unsent(conversation, limit))
    }

    async fn settle(
        &self,
        conversation: &Conversation,
        _lease: u64,
        id: u64,
        settlement: Settlement<'_>,
    ) -> Result<(), StoreError> {
        self.desk().outbox.settle(conversation, id, settlement, SystemTime::now());
        Ok(())
    }

    async fn ripen(&self, now: SystemTime) -> Result<Ripe, StoreError> {
        Ok(self.desk().ripen(now))
    }

    async fn work(
        &self,
        after: Option<&Conversation>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        Ok(self.desk().work(after, limit))
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        Ok(self.desk().backlog())
    }

    async fn messages(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        Ok(self.desk().inbox.listed(filter))
    }

    async fn replies(&self, filter: &Filter) -> Result<Vec<ListedReply>, StoreError> {
        Ok(self.desk().outbox.listed(filter))
    }

    async fn dead_letters(&self, filter: &Filter) -> Result<Vec<DeadLetter>, StoreError> {
        Ok(self.desk().dead_letters(filter))
    }

    async fn dead_letter(&self, id: LetterId) -> Result<Option<DeadLetter>, StoreError> {
        Ok(self.desk().dead_letter(id).cloned())
    }

    async fn replay(&self, id: LetterId) -> Result<Option<Conversation>, StoreError> {
        Ok(self.desk().replay(id, SystemTime::now()))
    }

    async fn discard(&self, id: LetterId) -> Result<bool, StoreError> {
        Ok(self.desk().discard(id, SystemTime::now()))
    }

    async fn note(&self, channel: &str, name: &str) -> Result<Option<String>, StoreError> {
        let key = (channel.to_owned(), name.to_owned());
        Ok(lock(&self.notes).get(&key).cloned())
    }

    async fn set_note(&self, channel: &str, name: &str, text: &str) -> Result<(), StoreError> {
        lock(&self.notes).insert((channel.to_owned(), name.to_owned()), text.to_owned());
        Ok(())
    }

    async fn sweep(&self, expired: Expired) -> Result<(), StoreError> {
        self.desk().sweep(expired.messages, expired.dead_letters);
        if let Some(before) = expired.conversations {
            self.forget_conversations(before);
        }
        Ok(())
    }
}

/// Nothing panics halfway through a change: what a poisoned lock guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
