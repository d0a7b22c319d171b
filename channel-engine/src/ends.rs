//! Callers who wait for turns that others run.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::MessageKey;

/// Who waits for the end of which turn.
#[derive(Default)]
pub(crate) struct Ends(Mutex<HashMap<MessageKey, Vec<oneshot::Sender<()>>>>);

impl Ends {
    /// What is done when the turn of this message ends. It may have ended before: look after calling this.
    pub(crate) fn wait(&self, key: &MessageKey) -> oneshot::Receiver<()> {
        let (ended, wait) = oneshot::channel();
        let mut waiting = self.lock();
        // Those who gave up are forgotten here: there are never more of them than callers.
        let waiters = waiting.entry(key.clone()).or_default();
        waiters.retain(|waiter| !waiter.is_closed());
        waiters.push(ended);
        wait
    }

    /// The turn of this message has ended.
    pub(crate) fn over(&self, key: &MessageKey) {
        for waiter in self.lock().remove(key).into_iter().flatten() {
            let _ = waiter.send(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<MessageKey, Vec<oneshot::Sender<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
