//! Chance.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Chooses one of several variations of a response that fit alike. A closure from their number to an index is one.
pub trait Chooser: Send + Sync + 'static {
    /// An index below `count`; any for a `count` of 0.
    fn choose(&self, count: usize) -> usize;
}

impl<F: Fn(usize) -> usize + Send + Sync + 'static> Chooser for F {
    fn choose(&self, count: usize) -> usize {
        self(count)
    }
}

static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// An index by chance, good enough for the words of a bot.
#[allow(clippy::cast_possible_truncation, reason = "the upper bits are as random as the lower ones")]
pub(crate) fn at_random(count: usize) -> usize {
    SEED.hash_one(NEXT.fetch_add(1, Ordering::Relaxed)) as usize % count.max(1)
}
