//! What waits in a lane.

use std::{sync::Arc, time::SystemTime};

use channel_core::{
    BoxFuture, ChannelState, Concurrency, OutputChannel, TurnError, UserMessage, axum::http::HeaderValue,
};
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::Instant,
};

use crate::{MessageKey, Pending, Progress, lease::Lease};

/// What waits in a lane.
pub(crate) enum Job {
    /// A message.
    Message(Box<Said>),
    /// Something that is done in the conversation, once it is held.
    Visit(Work),
    /// A look into the store for what is pending and unsent.
    Look(Option<OwnedSemaphorePermit>),
}

pub(crate) type Work = Box<dyn FnOnce(Result<Arc<Lease>, TurnError>) -> BoxFuture<'static, ()> + Send>;

/// A message that somebody has brought to this server.
pub(crate) struct Said {
    pub(crate) message: UserMessage,
    pub(crate) channel: ChannelState,
    /// Of the request that brought it, for the log.
    pub(crate) request_id: Option<HeaderValue>,
    /// When it came.
    pub(crate) since: Instant,
    /// Whether it came before all that was left from before the start was taken up.
    pub(crate) is_early: bool,
    pub(crate) bearer: Bearer,
    pub(crate) _permit: OwnedSemaphorePermit,
}

/// Who brought a message, and what becomes of the answer.
pub(crate) enum Bearer {
    /// A caller who waits for the replies. The message is kept when its turn has come.
    Caller(Caller),
    /// Somebody who waits until the message is kept.
    Platform {
        kept: Keeping,
        /// Whether the conversation was busy when it came.
        was_busy: bool,
    },
}

/// A caller who waits.
pub(crate) struct Caller {
    pub(crate) output: Arc<dyn OutputChannel>,
    pub(crate) answer: oneshot::Sender<Result<(), TurnError>>,
}

/// Whether a message is kept.
pub(crate) enum Keeping {
    /// The number of the message comes once it is; nothing comes where it has no turn of its own.
    Under(oneshot::Receiver<u64>),
    Done(u64),
    Refused,
}

impl Said {
    pub(crate) fn key(&self) -> MessageKey {
        MessageKey::new(Arc::clone(self.channel.address()), self.message.message_id.as_str())
    }

    pub(crate) fn is(&self, key: &MessageKey) -> bool {
        *self.channel.address() == key.channel && *self.message.message_id == *key.message_id
    }

    /// Whether it is not to be answered, since it came while its conversation was busy.
    pub(crate) fn is_dropped(&self) -> bool {
        matches!(self.bearer, Bearer::Platform { was_busy: true, .. })
            && self.channel.concurrency() == Concurrency::Drop
    }

    /// The number under which it is kept, as far as that is known by now.
    pub(crate) fn kept(&mut self) -> Option<u64> {
        let Bearer::Platform { kept, .. } = &mut self.bearer else { return None };
        if let Keeping::Under(receiver) = kept {
            match receiver.try_recv() {
                Ok(id) => *kept = Keeping::Done(id),
                Err(oneshot::error::TryRecvError::Empty) => {}
                Err(oneshot::error::TryRecvError::Closed) => *kept = Keeping::Refused,
            }
        }
        match kept {
            Keeping::Done(id) => Some(*id),
            _ => None,
        }
    }

    /// Waits until it is kept, and returns its number; `None` where it has no turn of its own.
    pub(crate) async fn keep(&mut self) -> Option<u64> {
        let Bearer::Platform { kept, .. } = &mut self.bearer else { return None };
        if let Keeping::Under(receiver) = kept {
            *kept = receiver.await.map_or(Keeping::Refused, Keeping::Done);
        }
        match kept {
            Keeping::Done(id) => Some(*id),
            _ => None,
        }
    }

    /// As the store shows it when it is new there.
    pub(crate) fn pending(&self, id: u64) -> Pending {
        Pending {
            id,
            channel: Arc::clone(self.channel.address()),
            message: self.message.clone(),
            waits: matches!(self.bearer, Bearer::Caller(_)),
            accepted_at: SystemTime::now(),
            attempts: 0,
            retry_at: None,
            progress: Progress::default(),
        }
    }
}
