//! What becomes of the replies that somebody wants to know of.

use std::time::Duration;

use tokio::{sync::mpsc, time::timeout};

/// Tells what became of each reply.
#[derive(Clone)]
pub(crate) struct Watch(mpsc::UnboundedSender<Result<(), String>>);

/// What becomes of the replies of a visit that went into the outbox.
pub struct Sends(mpsc::UnboundedReceiver<Result<(), String>>);

/// What became of replies within a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The platform took all of them.
    Sent,
    /// Some are still on their way.
    Queued,
    /// One is a dead letter, for this reason.
    Failed(String),
}

impl Watch {
    pub(crate) fn new() -> (Self, Sends) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), Sends(receiver))
    }

    pub(super) fn sent(&self) {
        let _ = self.0.send(Ok(()));
    }

    pub(super) fn failed(&self, error: &str) {
        let _ = self.0.send(Err(error.to_owned()));
    }
}

impl Sends {
    /// Waits until it is known of all replies, but no longer than this.
    pub async fn settled(&mut self, patience: Duration) -> Settled {
        let all = async {
            loop {
                match self.0.recv().await {
                    Some(Ok(())) => {}
                    Some(Err(error)) => return Settled::Failed(error),
                    None => return Settled::Sent,
                }
            }
        };
        timeout(patience, all).await.unwrap_or(Settled::Queued)
    }
}
