//! How long to wait before something is tried again.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};

/// Pauses that double from one try to the next, and up to as much again by chance, lest all come back at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

/// Between the tries of a turn.
pub(crate) const TURNS: Backoff =
    Backoff { first: Duration::from_millis(500), longest: Duration::from_mins(1) };

/// Between the tries of a send.
pub(crate) const SENDS: Backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_mins(5) };

/// Between the calls of a store that fails.
pub(crate) const STORE: Backoff =
    Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(5) };

impl Backoff {
    /// The pause after so many tries before the last one.
    pub(crate) fn nth(self, tries: u32) -> Duration {
        let pauses = ExponentialBuilder::new()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .without_max_times()
            .with_jitter()
            .build();
        let place = usize::try_from(tries.min(32)).unwrap_or(32);
        pauses.into_iter().nth(place).unwrap_or(self.longest).min(self.longest)
    }
}
