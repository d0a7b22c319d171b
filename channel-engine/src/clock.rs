//! When the next of what is scheduled is due.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::sync::Notify;

/// A look at the clock at least so often: it may have been set.
const LONGEST: Duration = Duration::from_mins(1);

/// When the next of what is scheduled is due, as far as this server knows.
#[derive(Default)]
pub(crate) struct Clock {
    next: Mutex<Option<SystemTime>>,
    sooner: Notify,
}

impl Clock {
    /// Something is due at that time.
    pub(crate) fn set(&self, due: SystemTime) {
        let mut next = self.lock();
        if next.is_none_or(|next| due < next) {
            *next = Some(due);
            self.sooner.notify_one();
        }
    }

    /// What is set from now on is not known to who looks now.
    pub(crate) fn begin(&self) {
        *self.lock() = None;
    }

    /// Waits until this time, or one that is set meanwhile.
    pub(crate) async fn wait(&self, next: Option<SystemTime>) {
        if let Some(next) = next {
            self.set(next);
        }
        loop {
            let next = *self.lock();
            let wait = next.map(|next| next.duration_since(SystemTime::now()).unwrap_or_default());
            if wait == Some(Duration::ZERO) {
                return;
            }
            tokio::select! {
                () = self.sooner.notified() => {}
                () = tokio::time::sleep(wait.unwrap_or(LONGEST).min(LONGEST)), if wait.is_some() => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<SystemTime>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
