//! A circuit breaker: a platform that does not answer is left alone for a while.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use channel_core::Retry;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// So many failures in a row open it.
const FAILURES: u32 = 5;

/// How long it is open at first; each time in a row that is doubled.
const SHORTEST: Duration = Duration::from_secs(1);

/// How long it is open at most.
const LONGEST: Duration = Duration::from_mins(1);

/// Open after failures in a row; then one try tells whether it closes.
#[derive(Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    failures: u32,
    /// Nobody tries before this time.
    until: Option<Instant>,
    pause: Duration,
    /// A try is under way that tells whether it closes.
    is_probed: bool,
}

impl Breaker {
    /// Waits until a try is allowed. While it is open, that is one try at a time.
    pub(super) async fn closed(&self) {
        loop {
            let changed = self.changed.notified();
            let until = {
                let mut state = self.lock();
                match state.until {
                    None => return,
                    Some(until) if until <= Instant::now() => {
                        // This is the try; the next one comes after another pause.
                        state.until = Some(Instant::now() + state.pause);
                        state.is_probed = true;
                        return;
                    }
                    Some(until) => until,
                }
            };
            tokio::select! {
                () = sleep_until(until) => {}
                () = changed => {}
            }
        }
    }

    /// What came of a try: `None` for success. A platform that refuses or limits is one that answers.
    pub(super) fn learn(&self, failure: Option<Retry>) {
        let mut state = self.lock();
        if let Some(Retry::Later | Retry::Unknown) = failure {
            state.failures = state.failures.saturating_add(1);
            // Those that began before it opened say nothing new: a hundred of them must not make for a long pause.
            let tells = state.until.is_none() || state.is_probed;
            if tells && state.failures >= FAILURES {
                state.is_probed = false;
                state.pause = if state.pause.is_zero() { SHORTEST } else { (state.pause * 2).min(LONGEST) };
                state.until = Some(Instant::now() + state.pause);
            }
        } else if state.failures > 0 || state.until.is_some() {
            *state = State::default();
            self.changed.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
