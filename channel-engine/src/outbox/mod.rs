//! From a reply that is kept to one that its platform has taken: in order within a conversation, as fast as the platform
//! allows, again and again where it fails.

mod account;
mod breaker;
mod queue;
mod sender;
mod watch;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
};

use channel_core::OutputChannel;
use tokio::sync::{Notify, futures::Notified};

pub(crate) use watch::Watch;
pub use watch::{Sends, Settled};

use self::{account::Account, queue::Queue};
use crate::{
    Conversation, Outgoing,
    engine::Inner,
    lease::{Lease, Leases},
};

/// What is to be sent, by conversation. A conversation with nothing to send is not here.
#[derive(Default)]
pub(crate) struct Outbox {
    queues: Mutex<HashMap<Conversation, Queue>>,
    accounts: Mutex<HashMap<Arc<str>, Arc<Account>>>,
    emptied: Notify,
}

/// A reply that can be sent.
pub(crate) struct Ready {
    pub(crate) outgoing: Outgoing,
    /// What it is sent through, with the state of the conversation; where there is none, one is made.
    pub(crate) output: Option<Arc<dyn OutputChannel>>,
    pub(crate) watch: Option<Watch>,
    /// The trace of the message that it answers, as far as that is known.
    pub(crate) trace_id: Option<Arc<str>>,
    /// Parts of it were sent already; `outgoing` has the rest.
    pub(crate) is_partial: bool,
}

/// What comes next in a conversation.
enum Next {
    Send(Box<Ready>),
    /// The store has to be asked for more.
    Read,
    /// Nothing.
    End,
}

impl Outbox {
    /// Announces replies: until the guard is dropped, it is remembered which replies of the conversation were sent. Who
    /// sends may read them from the store before they are handed over.
    pub(crate) fn expect<'a>(&'a self, conversation: &'a Conversation) -> Expected<'a> {
        lock(&self.queues).entry(conversation.clone()).or_default().expected += 1;
        Expected { outbox: self, conversation }
    }

    /// Hands over replies that are kept.
    pub(crate) fn push(
        &self,
        inner: &Inner,
        conversation: &Conversation,
        lease: &Arc<Lease>,
        replies: impl Iterator<Item = Ready>,
    ) {
        let mut replies = replies.peekable();
        let Some(first) = replies.peek() else { return };
        let account = self.account(&first.outgoing.channel);
        self.change(inner, conversation, lease, |queue| {
            queue.count(account);
            for reply in replies {
                queue.add(reply);
            }
        });
    }

    /// Has sent what the store has.
    pub(crate) fn wake(&self, inner: &Inner, conversation: &Conversation, lease: &Arc<Lease>) {
        self.change(inner, conversation, lease, |queue| {
            queue.more = true;
            queue.absent.clear();
        });
    }

    /// Whether so many conversations of a channel have unsent replies that no more are taken on.
    pub(crate) fn is_full(&self, channel: &str, limit: usize) -> bool {
        let accounts = lock(&self.accounts);
        accounts.get(channel).is_some_and(|account| account.conversations.load(Ordering::Relaxed) >= limit)
    }

    fn change(
        &self,
        inner: &Inner,
        conversation: &Conversation,
        lease: &Arc<Lease>,
        change: impl FnOnce(&mut Queue),
    ) {
        let mut queues = lock(&self.queues);
        if inner.gives_back() && !queues.get(conversation).is_some_and(|queue| queue.is_sent) {
            // Something before it may be left already to the process that comes next: so is this.
            return;
        }
        let queue = queues.entry(conversation.clone()).or_default();
        change(queue);
        if queue.is_sent {
            return;
        }
        let Some(inner) = inner.this.upgrade() else { return };
        queue.is_sent = true;
        drop(queues);
        let (conversation, lease) = (conversation.clone(), Arc::clone(lease));
        inner.clone().tasks.spawn(sender::run(inner, conversation, lease));
    }

    /// Whether nothing is to be sent, and no turn is about to hand over replies.
    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.queues).is_empty()
    }

    /// Is over when the last reply is sent from now on.
    pub(crate) fn emptied(&self) -> Notified<'_> {
        self.emptied.notified()
    }

    fn remove(&self, queues: &mut HashMap<Conversation, Queue>, conversation: &Conversation) {
        queues.remove(conversation);
        if queues.is_empty() {
            self.emptied.notify_waiters();
        }
    }

    fn account(&self, channel: &Arc<str>) -> Arc<Account> {
        Arc::clone(lock(&self.accounts).entry(Arc::clone(channel)).or_default())
    }

    fn next(&self, conversation: &Conversation) -> Next {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(conversation) else { return Next::End };
        if let Some(ready) = queue.take() {
            return Next::Send(Box::new(ready));
        }
        if std::mem::take(&mut queue.more) {
            return Next::Read;
        }
        queue.is_sent = false;
        if queue.is_over() {
            self.remove(&mut queues, conversation);
        }
        Next::End
    }

    /// What the store has. `false`: all of it waits for its channel, and there is more.
    fn refill(&self, conversation: &Conversation, rows: Vec<Outgoing>, is_all: bool) -> bool {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(conversation) else { return true };
        queue.refill(rows, is_all, |channel| self.account(channel))
    }

    /// Leaves the replies of a channel in the store until the conversation is [woken](Self::wake).
    fn leave(&self, conversation: &Conversation, channel: &Arc<str>) {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(conversation) else { return };
        queue.leave(channel);
    }

    /// Forgets a conversation whose replies another server sends, or this one after a restart. If this one holds it under
    /// another lease by now, they are read anew, and that lease is returned: others may have sent some of them meanwhile.
    fn forget(&self, leases: &Leases, conversation: &Conversation, lease: &Arc<Lease>) -> Option<Arc<Lease>> {
        // Dropped when nothing is locked any more.
        let _left;
        let mut queues = lock(&self.queues);
        let newer = leases.held(conversation).filter(|held| held.number != lease.number);
        let queue = queues.get_mut(conversation)?;
        _left = queue.clear();
        queue.more = newer.is_some();
        queue.is_sent = newer.is_some();
        if queue.is_over() {
            self.remove(&mut queues, conversation);
        }
        newer
    }
}

/// Replies that are being kept.
pub(crate) struct Expected<'a> {
    outbox: &'a Outbox,
    conversation: &'a Conversation,
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        let mut queues = lock(&self.outbox.queues);
        let Some(queue) = queues.get_mut(self.conversation) else { return };
        queue.expected = queue.expected.saturating_sub(1);
        if queue.is_over() {
            self.outbox.remove(&mut queues, self.conversation);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
