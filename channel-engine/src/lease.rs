//! Which conversations are held by this server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Instant,
};

use crate::{Conversation, StoreError, engine::Inner};

/// The right to change a conversation. It is given back when nobody here needs it any more.
pub(crate) struct Lease {
    pub(crate) number: u64,
    /// When it was asked for.
    taken: Instant,
    /// Where and to whom it is given back; nobody else wants it where the server has its store for itself.
    shared: Option<(Weak<Inner>, Conversation)>,
}

/// The conversations that are held.
pub(crate) enum Leases {
    /// All: nobody else has this store.
    All(Arc<Lease>),
    Some(Mutex<HashMap<Conversation, Weak<Lease>>>),
}

impl Leases {
    pub(crate) fn new(is_shared: bool) -> Self {
        if is_shared {
            Self::Some(Mutex::default())
        } else {
            Self::All(Arc::new(Lease { number: 0, taken: Instant::now(), shared: None }))
        }
    }

    /// Takes a conversation; `None` where another server holds it. Called by nobody but the one who works in its lane.
    pub(crate) async fn hold(
        &self,
        inner: &Arc<Inner>,
        conversation: &Conversation,
    ) -> Result<Option<Arc<Lease>>, StoreError> {
        let held = match self {
            Self::All(lease) => return Ok(Some(Arc::clone(lease))),
            Self::Some(held) => held,
        };
        if let Some(lease) = lock(held).get(conversation).and_then(Weak::upgrade) {
            return Ok(Some(lease));
        }
        let taken = Instant::now();
        let Some(number) = inner.store.lease(conversation).await? else { return Ok(None) };
        let shared = Some((Arc::downgrade(inner), conversation.clone()));
        let lease = Arc::new(Lease { number, taken, shared });
        lock(held).insert(conversation.clone(), Arc::downgrade(&lease));
        // What was left unsent by whoever held it before is sent before anything that is said under this lease.
        inner.send_unsent(conversation, &lease);
        Ok(Some(lease))
    }

    /// The lease under which a conversation is held.
    pub(crate) fn held(&self, conversation: &Conversation) -> Option<Arc<Lease>> {
        match self {
            Self::All(lease) => Some(Arc::clone(lease)),
            Self::Some(held) => lock(held).get(conversation).and_then(Weak::upgrade),
        }
    }

    /// Another server has taken the conversation over: the next [`hold`](Self::hold) asks the store again.
    pub(crate) fn lost(&self, conversation: &Conversation) {
        if let Self::Some(held) = self {
            lock(held).remove(conversation);
        }
    }

    fn forget(&self, conversation: &Conversation) {
        let Self::Some(held) = self else { return };
        let mut held = lock(held);
        // It may be held anew by now.
        if held.get(conversation).is_some_and(|lease| lease.strong_count() == 0) {
            held.remove(conversation);
        }
    }
}

impl Lease {
    /// Whether the conversation is still held under it, as far as can be known before a reply is sent.
    pub(crate) async fn holds(&self) -> Result<bool, StoreError> {
        let Some((inner, conversation)) = &self.shared else { return Ok(true) };
        let Some(inner) = inner.upgrade() else { return Ok(false) };
        inner.store.holds(conversation, self.number, self.taken).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some((inner, conversation)) = self.shared.take() else { return };
        let (Some(inner), Ok(runtime)) = (inner.upgrade(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        inner.leases.forget(&conversation);
        let number = self.number;
        let token = inner.tasks.token();
        runtime.spawn(async move {
            let _token = token;
            release(&inner, &conversation, number).await;
        });
    }
}

/// A kill before this is done leaves the conversation to whoever finds its server dead.
async fn release(inner: &Arc<Inner>, conversation: &Conversation, number: u64) {
    match inner.store.release(conversation, number).await {
        Ok(true) if !inner.stopping.is_cancelled() => inner.look(conversation, None),
        Ok(_) => {}
        Err(error) => {
            tracing::warn!(%error, "a conversation was not given back; it is taken over when it is next wanted");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
