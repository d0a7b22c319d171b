//! The pauses between tries that fail.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use channel_core::Shutdown;

const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);

/// Whoever asks to be left alone for longer is asked again all the same.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(60 * 60);

/// Pauses that grow from one failure to the next.
pub(super) struct Pauses(ExponentialBackoff);

impl Pauses {
    pub(super) fn new() -> Self {
        let pauses = ExponentialBuilder::new().with_min_delay(SHORTEST).with_max_delay(LONGEST);
        Self(pauses.without_max_times().with_jitter().build())
    }

    /// Waits before the next try, at least as long as was asked for. `false` where the server is about to stop.
    pub(super) async fn pause(&mut self, asked_for: Option<Duration>, shutdown: &Shutdown) -> bool {
        let asked_for = asked_for.map(|asked_for| asked_for.min(LONGEST_ASKED_FOR));
        let pause = asked_for.or_else(|| self.0.next()).unwrap_or(LONGEST);
        tokio::select! {
            () = shutdown.requested() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
