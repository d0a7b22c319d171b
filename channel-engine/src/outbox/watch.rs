//! What becomes of the replies that somebody wants to know of.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use channel_core::BotMessage;
use tokio::{sync::mpsc, time::timeout};

/// Tells what becomes of each reply.
#[derive(Clone)]
pub(crate) struct Watch {
    news: mpsc::UnboundedSender<News>,
    replies: Arc<Mutex<Vec<BotMessage>>>,
}

enum News {
    Sent,
    Retried,
    Failed(String),
}

/// What becomes of the replies of a visit that went into the outbox.
pub struct Sends {
    news: mpsc::UnboundedReceiver<News>,
    replies: Arc<Mutex<Vec<BotMessage>>>,
}

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
        let replies = Arc::default();
        (Self { news: sender, replies: Arc::clone(&replies) }, Sends { news: receiver, replies })
    }

    /// Replies are in the outbox.
    pub(crate) fn queued(&self, replies: &[BotMessage]) {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(replies);
    }

    pub(super) fn sent(&self) {
        let _ = self.news.send(News::Sent);
    }

    pub(super) fn retried(&self) {
        let _ = self.news.send(News::Retried);
    }

    pub(super) fn failed(&self, error: &str) {
        let _ = self.news.send(News::Failed(error.to_owned()));
    }
}

impl Sends {
    /// The replies, in their order.
    pub fn replies(&self) -> Vec<BotMessage> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it is known of all replies, or one has to be sent again, but no longer than this.
    pub async fn settled(&mut self, patience: Duration) -> Settled {
        let count = self.replies().len();
        let all = async {
            let mut sent = 0;
            loop {
                match self.news.recv().await {
                    Some(News::Sent) => sent += 1,
                    Some(News::Failed(error)) => return Settled::Failed(error),
                    None if sent == count => return Settled::Sent,
                    Some(News::Retried) | None => return Settled::Queued,
                }
            }
        };
        timeout(patience, all).await.unwrap_or(Settled::Queued)
    }
}
