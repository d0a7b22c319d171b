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
/// Whoever holds a conversation's lane takes its tracker out, and puts it back once the store has all that it holds.
pub(crate) struct Warm(Mutex<LruCache<Conversation, Tracker>>);

impl Warm {
    /// Room for so many conversations; one at least.
    pub(crate) fn new(room: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(room).unwrap_or(NonZeroUsize::MIN))))
    }

    pub(crate) fn take(&self, conversation: &Conversation) -> Option<Tracker> {
        self.lock().pop(conversation)
    }

    pub(crate) fn put(&self, conversation: Conversation, tracker: Tracker) {
        // The one that goes is dropped after the lock.
        let _gone = self.lock().push(conversation, tracker);
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Conversation, Tracker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
