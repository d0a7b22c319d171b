//! The events of conversations.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard},
    time::SystemTime,
};

use channel_core::Event;
use serde_json::Deserializer;

use super::{
    super::{StoreError, read},
    lock,
};
use crate::Conversation;

/// Conversations are spread over so many maps, so that two of them seldom wait for each other.
const SHARDS: usize = 64;

/// The events of all conversations.
pub(super) struct Logs {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
}

/// By sender, the conversations through each channel: seldom more than one.
type Shard = HashMap<Arc<str>, Vec<Log>>;

/// The events of a conversation.
struct Log {
    channel: Arc<str>,
    /// Their JSON, one a line.
    lines: Vec<u8>,
    changed_at: SystemTime,
}

impl Default for Logs {
    fn default() -> Self {
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        Self { hasher: RandomState::new(), shards }
    }
}

impl Logs {
    #[allow(clippy::cast_possible_truncation, reason = "the lower bits are as random as the upper ones")]
    fn shard(&self, sender_id: &str) -> MutexGuard<'_, Shard> {
        lock(&self.shards[self.hasher.hash_one(sender_id) as usize % SHARDS])
    }

    pub(super) fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError> {
        let shard = self.shard(&conversation.sender_id);
        let mut logs = shard.get(&conversation.sender_id).into_iter().flatten();
        logs.find(|log| log.channel == conversation.channel).map(|log| decode(&log.lines)).transpose()
    }

    pub(super) fn append(&self, conversation: &Conversation, addition: &[u8], now: SystemTime) {
        self.change(conversation, now, |lines| append(lines, addition));
    }

    pub(super) fn replace(&self, conversation: &Conversation, whole: Vec<u8>, now: SystemTime) {
        self.change(conversation, now, |lines| *lines = whole);
    }

    /// Changes a conversation's log, which is empty where there was no such conversation.
    fn change(&self, conversation: &Conversation, now: SystemTime, change: impl FnOnce(&mut Vec<u8>)) {
        let Conversation { channel, sender_id } = conversation;
        let mut shard = self.shard(sender_id);
        let logs = match shard.get_mut(sender_id) {
            Some(logs) => logs,
            None => shard.entry(Arc::clone(sender_id)).or_default(),
        };
        if let Some(log) = logs.iter_mut().find(|log| log.channel == *channel) {
            log.changed_at = now;
            return change(&mut log.lines);
        }
        let mut log = Log { channel: Arc::clone(channel), lines: Vec::new(), changed_at: now };
        change(&mut log.lines);
        logs.reserve_exact(1);
        logs.push(log);
    }

    /// The conversations with a sender, sorted by channel.
    pub(super) fn find(&self, sender_id: &str) -> Vec<Conversation> {
        let shard = self.shard(sender_id);
        let Some((sender_id, logs)) = shard.get_key_value(sender_id) else { return Vec::new() };
        let conversations =
            logs.iter().map(|log| Conversation::new(Arc::clone(&log.channel), Arc::clone(sender_id)));
        let mut found: Vec<_> = conversations.collect();
        found.sort();
        found
    }

    pub(super) fn remove(&self, conversation: &Conversation) -> bool {
        self.remove_if(conversation, |_| true)
    }

    /// Forgets a conversation, if still nothing has changed in it since this time.
    pub(super) fn remove_unchanged(&self, conversation: &Conversation, before: SystemTime) {
        self.remove_if(conversation, |log| log.changed_at < before);
    }

    fn remove_if(&self, conversation: &Conversation, condition: impl Fn(&Log) -> bool) -> bool {
        let mut shard = self.shard(&conversation.sender_id);
        let Some(logs) = shard.get_mut(&conversation.sender_id) else { return false };
        let before = logs.len();
        logs.retain(|log| log.channel != conversation.channel || !condition(log));
        let was_there = logs.len() < before;
        if logs.is_empty() {
            shard.remove(&conversation.sender_id);
        }
        was_there
    }

    /// The conversations in which nothing has changed since this time.
    pub(super) fn unchanged_since(&self, before: SystemTime) -> Vec<Conversation> {
        let mut found = Vec::new();
        for shard in &self.shards {
            for (sender_id, logs) in lock(shard).iter() {
                let old = logs.iter().filter(|log| log.changed_at < before);
                found.extend(
                    old.map(|log| Conversation::new(Arc::clone(&log.channel), Arc::clone(sender_id))),
                );
            }
        }
        found
    }
}

/// An eighth of room beyond what is needed: a long conversation is seldom copied, a short one takes hardly more.
fn append(lines: &mut Vec<u8>, addition: &[u8]) {
    if lines.capacity() - lines.len() < addition.len() {
        lines.reserve_exact(addition.len() + lines.len() / 8);
    }
    lines.extend_from_slice(addition);
}

pub(super) fn encode(events: &[Arc<Event>]) -> Result<Vec<u8>, StoreError> {
    let mut lines = Vec::with_capacity(events.len() * 256);
    for event in events {
        serde_json::to_writer(&mut lines, &**event).map_err(StoreError::new)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn decode(lines: &[u8]) -> Result<Vec<Event>, StoreError> {
    read::all(Deserializer::from_slice(lines)).map_err(StoreError::new)
}
