//! How names, ids, times and JSON are kept.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Deserializer;
use sha2::{Digest, Sha256};

use super::super::{MessageKey, StoreError, read};
use crate::Conversation;

/// The hash of a name: names may be longer than what a database indexes.
pub(super) type Key = Vec<u8>;

pub(super) fn of_conversation(conversation: &Conversation) -> Key {
    hash(&conversation.channel, &conversation.sender_id)
}

pub(super) fn of_message(key: &MessageKey) -> Key {
    hash(&key.channel, &key.message_id)
}

/// 128 bits: nobody finds a second name for the hash of a stranger's.
pub(super) fn hash(channel: &str, name: &str) -> Key {
    let mut hasher = Sha256::new();
    hasher.update((channel.len() as u64).to_be_bytes());
    hasher.update(channel);
    hasher.update(name);
    hasher.finalize()[..16].to_vec()
}

/// Microseconds since 1970; what lies outside of what is kept is at its end.
pub(super) fn micros(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
    }
}

pub(super) fn time(micros: i64) -> SystemTime {
    let distance = Duration::from_micros(micros.unsigned_abs());
    let time = if micros < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}

pub(super) fn hour(micros: i64) -> i64 {
    micros.div_euclid(3_600_000_000)
}

pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A name as it was kept.
pub(super) fn text(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(bytes).into()
}

/// JSON has an escape for NUL, which the database refuses.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::new)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    read::one(Deserializer::from_str(text)).map_err(StoreError::new)
}

/// JSON texts, one a line.
pub(super) fn lines<T: Serialize>(values: impl IntoIterator<Item = T>) -> Result<String, StoreError> {
    let mut lines = String::new();
    for value in values {
        lines.push_str(&json(&value)?);
        lines.push('\n');
    }
    Ok(lines)
}

pub(super) fn from_lines<T: DeserializeOwned>(lines: &str) -> Result<Vec<T>, StoreError> {
    read::all(Deserializer::from_str(lines)).map_err(StoreError::new)
}
