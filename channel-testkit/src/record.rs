//! What happened so far, and waiting for more.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// What happened so far, in order.
pub(crate) struct Record<T> {
    items: Mutex<Vec<T>>,
    grown: Notify,
}

impl<T> Default for Record<T> {
    fn default() -> Self {
        Self { items: Mutex::default(), grown: Notify::new() }
    }
}

impl<T: Clone> Record<T> {
    pub(crate) fn push(&self, item: T) {
        self.lock().push(item);
        self.grown.notify_waiters();
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.lock().clone()
    }

    pub(crate) fn take_first(&self) -> Option<T> {
        let mut items = self.lock();
        (!items.is_empty()).then(|| items.remove(0))
    }

    pub(crate) fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.lock())
    }

    /// What `look` finds, as soon as it finds something; `None` after this time.
    pub(crate) async fn wait<R>(
        &self,
        patience: Duration,
        mut look: impl FnMut(&Self) -> Option<R>,
    ) -> Option<R> {
        let found = async {
            loop {
                let grown = self.grown.notified();
                if let Some(found) = look(self) {
                    return found;
                }
                grown.await;
            }
        };
        timeout(patience, found).await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
