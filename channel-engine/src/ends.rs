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

/// Somebody who waits for the end of a turn. Dropped, it is forgotten.
pub(crate) struct Waiting<'a> {
    ends: &'a Ends,
    key: &'a MessageKey,
    ended: oneshot::Receiver<()>,
}

impl Ends {
    /// Waits from now on for the end of this message's turn. It may have ended before: look after calling this.
    pub(crate) fn wait<'a>(&'a self, key: &'a MessageKey) -> Waiting<'a> {
        let (end, ended) = oneshot::channel();
        self.lock().entry(key.clone()).or_default().push(end);
        Waiting { ends: self, key, ended }
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

impl Waiting<'_> {
    /// Waits until the turn has ended.
    pub(crate) async fn over(&mut self) {
        // A sender that is gone has sent before.
        let _ = (&mut self.ended).await;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.ended.close();
        let mut waiting = self.ends.lock();
        let Some(waiters) = waiting.get_mut(self.key) else { return };
        waiters.retain(|waiter| !waiter.is_closed());
        if waiters.is_empty() {
            waiting.remove(self.key);
        }
    }
}
