//! Waiting for something to happen.

use std::time::Duration;

use tokio::{sync::watch, time::timeout};

/// What was waited for did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{awaited} did not come within {patience:?}")]
pub struct TimedOut {
    /// What was waited for.
    pub awaited: String,
    /// For how long.
    pub patience: Duration,
}

/// Wakes those who wait whenever something has changed.
#[derive(Clone)]
pub(crate) struct Changes {
    sender: watch::Sender<()>,
    patience: Duration,
}

impl Changes {
    pub(crate) fn new(patience: Duration) -> Self {
        Self { sender: watch::Sender::new(()), patience }
    }

    pub(crate) fn notify(&self) {
        self.sender.send_replace(());
    }

    /// Looks after each change until there is something.
    pub(crate) async fn find<T>(
        &self,
        awaited: impl Into<String>,
        look: impl FnMut() -> Option<T>,
    ) -> Result<T, TimedOut> {
        let patience = self.patience;
        self.find_within(patience, look).await.ok_or(TimedOut { awaited: awaited.into(), patience })
    }

    pub(crate) async fn find_within<T>(
        &self,
        patience: Duration,
        mut look: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let mut changes = self.sender.subscribe();
        let found = async {
            loop {
                if let Some(found) = look() {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        timeout(patience, found).await.ok().flatten()
    }
}
