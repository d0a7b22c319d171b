//! Chance that falls the same way in every run with the same seed.

use std::{
    hash::{DefaultHasher, Hash, Hasher as _},
    ops::Range,
    time::Duration,
};

/// A source of choices, each of which depends on what it is about and on nothing else.
#[derive(Clone, Copy)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number of this range.
    pub(crate) fn within(self, about: impl Hash, range: Range<u64>) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.0, about).hash(&mut hasher);
        range.start + hasher.finish() % (range.end - range.start)
    }

    /// Yes, in so many of a hundred cases.
    pub(crate) fn percent(self, about: impl Hash, percent: u64) -> bool {
        self.within(about, 0..100) < percent
    }

    /// A number of milliseconds of this range.
    pub(crate) fn millis(self, about: impl Hash, range: Range<u64>) -> Duration {
        Duration::from_millis(self.within(about, range))
    }
}
