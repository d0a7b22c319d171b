//! The conversations that were spoken in last, as they are worked with.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use channel_core::Tracker;
use lru::LruCache;

use crate::Conversation;

/// The trackers of the conversations that were spoken in last: they need not be loaded.
///
/// Whoever holds a conversation takes its tracker out, and puts it back once the store has all that it holds.
pub(crate) struct Warm(Mutex<LruCache<Conversation, Kept>>);

struct Kept {
    under: u64,
    at: SystemTime,
    tracker: Tracker,
}

impl Warm {
    /// Room for so many conversations; one at least.
    pub(crate) fn new(room: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(room).unwrap_or(NonZeroUsize::MIN))))
    }

    /// The tracker, if nobody else has held the conversation since it was put here: then the lease is the same, or the very
    /// next one.
    pub(crate) fn take(&self, conversation: &Conversation, lease: u64) -> Option<Tracker> {
        let Kept { under, tracker, .. } = self.lock().pop(conversation)?;
        (lease == under || lease == under + 1).then_some(tracker)
    }

    pub(crate) fn put(&self, conversation: Conversation, lease: u64, tracker: Tracker) {
        // The one that goes is dropped after the lock.
        let kept = Kept { under: lease, at: SystemTime::now(), tracker };
        let _gone = self.lock().push(conversation, kept);
    }

    /// Forgets those that were put here before a time.
    pub(crate) fn forget(&self, before: SystemTime) {
        let mut warm = self.lock();
        while warm.peek_lru().is_some_and(|(_, kept)| kept.at < before) {
            warm.pop_lru();
        }
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Conversation, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
