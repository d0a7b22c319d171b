//! A store that lasts as long as the process.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use async_trait::async_trait;
use channel_core::{BotMessage, Event, UserMessage};

use super::{Accepted, MessageKey, Step, Store, StoreError};
use crate::Conversation;

/// Conversations are spread over so many maps, so that two of them seldom wait for each other.
const SHARDS: usize = 64;

/// So many messages whose turns are over are remembered: beyond that the oldest are forgotten.
const REMEMBERED: usize = 10_000;

/// Keeps everything in memory: a restart forgets it.
///
/// A conversation is kept as the JSON of its events, one a line, which takes a fraction of what they take as data: less
/// than 2 kB after one turn.
#[derive(Default)]
pub struct MemoryStore {
    conversations: Shards,
    inbox: Mutex<Inbox>,
}

struct Shards {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
}

/// By sender, the conversations through each channel: seldom more than one.
type Shard = HashMap<Arc<str>, Vec<(Arc<str>, Log)>>;

/// The events of a conversation: their JSON, one a line.
type Log = Vec<u8>;

#[derive(Default)]
struct Inbox {
    messages: HashMap<MessageKey, Progress>,
    /// Those whose turns are over, the oldest first.
    over: VecDeque<(SystemTime, MessageKey)>,
}

#[derive(Default)]
struct Progress {
    replies: Vec<BotMessage>,
    is_over: bool,
}

#[async_trait]
impl Store for MemoryStore {
    async fn accept(
        &self,
        conversation: &Conversation,
        message: &UserMessage,
    ) -> Result<Accepted, StoreError> {
        let key = MessageKey::of(conversation, message);
        let mut inbox = self.inbox();
        if inbox.messages.contains_key(&key) {
            return Ok(Accepted::Duplicate);
        }
        inbox.messages.insert(key, Progress::default());
        Ok(Accepted::New)
    }

    async fn replies(&self, message: &MessageKey) -> Result<Option<Vec<BotMessage>>, StoreError> {
        let inbox = self.inbox();
        let over = inbox.messages.get(message).filter(|progress| progress.is_over);
        Ok(over.map(|progress| progress.replies.clone()))
    }

    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError> {
        let shard = self.conversations.of(&conversation.sender_id);
        let through = shard.get(&conversation.sender_id).into_iter().flatten();
        let mut logs = through.filter(|(channel, _)| *channel == conversation.channel);
        logs.next().map(|(_, log)| decode(log)).transpose()
    }

    async fn commit(&self, step: Step<'_>) -> Result<(), StoreError> {
        let addition = encode(step.events)?;
        self.conversations.change(step.conversation, |log| append(log, &addition));
        if let Some(key) = step.message {
            self.inbox().progress(key, step.replies, step.is_last);
        }
        Ok(())
    }

    async fn fail(&self, message: &MessageKey) -> Result<(), StoreError> {
        let mut inbox = self.inbox();
        if inbox.messages.get(message).is_some_and(|progress| !progress.is_over) {
            inbox.messages.remove(message);
        }
        Ok(())
    }

    async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
        let shard = self.conversations.of(sender_id);
        let Some((sender_id, logs)) = shard.get_key_value(sender_id) else { return Ok(Vec::new()) };
        let conversations =
            logs.iter().map(|(channel, _)| Conversation::new(Arc::clone(channel), Arc::clone(sender_id)));
        let mut found: Vec<_> = conversations.collect();
        found.sort();
        Ok(found)
    }

    async fn replace(&self, conversation: &Conversation, events: &[Arc<Event>]) -> Result<(), StoreError> {
        let whole = encode(events)?;
        self.conversations.change(conversation, |log| *log = whole);
        Ok(())
    }

    async fn remove(&self, conversation: &Conversation) -> Result<bool, StoreError> {
        let mut shard = self.conversations.of(&conversation.sender_id);
        let Some(logs) = shard.get_mut(&conversation.sender_id) else { return Ok(false) };
        let before = logs.len();
        logs.retain(|(channel, _)| *channel != conversation.channel);
        let was_there = logs.len() < before;
        if logs.is_empty() {
            shard.remove(&conversation.sender_id);
        }
        Ok(was_there)
    }

    async fn sweep(&self, before: SystemTime) -> Result<(), StoreError> {
        let mut inbox = self.inbox();
        while inbox.over.front().is_some_and(|(time, _)| *time < before) {
            inbox.forget_oldest();
        }
        Ok(())
    }
}

impl MemoryStore {
    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        lock(&self.inbox)
    }
}

impl Inbox {
    fn progress(&mut self, key: &MessageKey, replies: &[BotMessage], is_last: bool) {
        let Some(progress) = self.messages.get_mut(key) else { return };
        progress.replies.extend_from_slice(replies);
        if is_last {
            progress.is_over = true;
            self.over.push_back((SystemTime::now(), key.clone()));
            if self.over.len() > REMEMBERED {
                self.forget_oldest();
            }
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, oldest)) = self.over.pop_front() {
            self.messages.remove(&oldest);
        }
    }
}

impl Default for Shards {
    fn default() -> Self {
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        Self { hasher: RandomState::new(), shards }
    }
}

impl Shards {
    #[allow(clippy::cast_possible_truncation, reason = "the lower bits are as random as the upper ones")]
    fn of(&self, sender_id: &str) -> MutexGuard<'_, Shard> {
        lock(&self.shards[self.hasher.hash_one(sender_id) as usize % SHARDS])
    }

    /// Changes a conversation's log, which is empty where there was no such conversation.
    fn change(&self, Conversation { channel, sender_id }: &Conversation, change: impl FnOnce(&mut Log)) {
        let mut shard = self.of(sender_id);
        let logs = match shard.get_mut(sender_id) {
            Some(logs) => logs,
            None => shard.entry(Arc::clone(sender_id)).or_default(),
        };
        if let Some((_, log)) = logs.iter_mut().find(|(known, _)| known == channel) {
            return change(log);
        }
        let mut log = Log::default();
        change(&mut log);
        logs.reserve_exact(1);
        logs.push((Arc::clone(channel), log));
    }
}

/// An eighth of room beyond what is needed: a long conversation is seldom copied, a short one takes hardly more.
fn append(log: &mut Log, addition: &[u8]) {
    if log.capacity() - log.len() < addition.len() {
        log.reserve_exact(addition.len() + log.len() / 8);
    }
    log.extend_from_slice(addition);
}

fn encode(events: &[Arc<Event>]) -> Result<Vec<u8>, StoreError> {
    let mut lines = Vec::with_capacity(events.len() * 256);
    for event in events {
        serde_json::to_writer(&mut lines, &**event).map_err(StoreError::new)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn decode(log: &[u8]) -> Result<Vec<Event>, StoreError> {
    serde_json::Deserializer::from_slice(log).into_iter().collect::<Result<_, _>>().map_err(StoreError::new)
}

/// Nothing panics halfway through a change: what a poisoned lock guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
