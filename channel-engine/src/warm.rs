//! The conversations that were spoken in last, as they are worked with.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use channel_core::Tracker;
use lru::LruCache;

use crate::Conversation;

/// The trackers of the conversations that were spoken in last: they need not be loaded.
///
/// Whoever holds a conversation takes its tracker out, and puts it back once the store has all that it holds.
pub(crate) struct Warm(Mutex<LruCache<Conversation, (u64, Tracker)>>);

impl Warm {
    /// Room for so many conversations; one at least.
    pub(crate) fn new(room: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(room).unwrap_or(NonZeroUsize::MIN))))
    }

    /// The tracker, if nobody else has held the conversation since it was put here: then the lease is the same, or the very
    /// next one.
    pub(crate) fn take(&self, conversation: &Conversation, lease: u64) -> Option<Tracker> {
        let (put_under, tracker) = self.lock().pop(conversation)?;
        (lease == put_under || lease == put_under + 1).then_some(tracker)
    }

    pub(crate) fn put(&self, conversation: Conversation, lease: u64, tracker: Tracker) {
        // The one that goes is dropped after the lock.
        let _gone = self.lock().push(conversation, (lease, tracker));
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Conversation, (u64, Tracker)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
