//! From a reply that is kept to one that its platform has taken: in order within a conversation, as fast as the platform
//! allows, again and again where it fails.

mod account;
mod breaker;
mod sender;
mod watch;

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use channel_core::OutputChannel;

pub(crate) use watch::Watch;
pub use watch::{Sends, Settled};

use self::account::Account;
use crate::{
    Conversation, Outgoing,
    engine::Inner,
    lease::{Lease, Leases},
};

/// So many replies of a conversation are held in memory; the others are read from the store when these are sent.
const IN_MEMORY: usize = 64;

/// What is to be sent, by conversation. A conversation with nothing to send is not here.
#[derive(Default)]
pub(crate) struct Outbox {
    queues: Mutex<HashMap<Conversation, Queue>>,
    accounts: Mutex<HashMap<Arc<str>, Arc<Account>>>,
}

/// What is to be sent in a conversation. One task sends it.
struct Queue {
    ready: VecDeque<Ready>,
    /// The store has further ones, which are not in memory.
    more: bool,
    /// The replies up to this number were taken out already.
    taken: u64,
    _counted: Counted,
}

/// A reply that can be sent.
pub(crate) struct Ready {
    pub(crate) outgoing: Outgoing,
    /// What it is sent through, with the state of the conversation; where there is none, one is made.
    pub(crate) output: Option<Arc<dyn OutputChannel>>,
    pub(crate) watch: Option<Watch>,
    /// The trace of the message that it answers, as far as that is known.
    pub(crate) trace_id: Option<Arc<str>>,
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
        let channel = Arc::clone(&first.outgoing.channel);
        self.change(inner, conversation, lease, &channel, |queue| {
            for reply in replies {
                queue.add(reply);
            }
        });
    }

    /// Has sent what the store has.
    pub(crate) fn wake(&self, inner: &Inner, conversation: &Conversation, lease: &Arc<Lease>) {
        let channel = Arc::clone(&conversation.channel);
        self.change(inner, conversation, lease, &channel, |queue| queue.more = true);
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
        channel: &Arc<str>,
        change: impl FnOnce(&mut Queue),
    ) {
        match lock(&self.queues).entry(conversation.clone()) {
            Entry::Occupied(mut queue) => change(queue.get_mut()),
            // Something before it may be left already to the process that comes next: so is this.
            Entry::Vacant(_) if inner.gives_back() => {}
            Entry::Vacant(vacant) => {
                change(vacant.insert(Queue::new(self.account(channel))));
                let Some(inner) = inner.this.upgrade() else { return };
                let (conversation, lease) = (conversation.clone(), Arc::clone(lease));
                inner.clone().tasks.spawn(sender::run(inner, conversation, lease));
            }
        }
    }

    fn account(&self, channel: &Arc<str>) -> Arc<Account> {
        Arc::clone(lock(&self.accounts).entry(Arc::clone(channel)).or_default())
    }

    fn next(&self, conversation: &Conversation) -> Next {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(conversation) else { return Next::End };
        if let Some(ready) = queue.ready.pop_front() {
            queue.taken = ready.outgoing.id;
            return Next::Send(Box::new(ready));
        }
        if std::mem::take(&mut queue.more) {
            return Next::Read;
        }
        queues.remove(conversation);
        Next::End
    }

    /// What the store has after what was taken out before. What is handed over meanwhile may be among it: it is sent once.
    fn refill(&self, conversation: &Conversation, rows: Vec<Outgoing>, is_all: bool) {
        let mut queues = lock(&self.queues);
        let Some(queue) = queues.get_mut(conversation) else { return };
        let mut handed_over = std::mem::take(&mut queue.ready);
        for outgoing in rows.into_iter().filter(|outgoing| outgoing.id > queue.taken) {
            let place = handed_over.iter().position(|ready| ready.outgoing.id == outgoing.id);
            let ready = place.and_then(|place| handed_over.remove(place));
            queue.ready.push_back(ready.unwrap_or(Ready {
                outgoing,
                output: None,
                watch: None,
                trace_id: None,
            }));
        }
        if is_all {
            let last = queue.ready.back().map_or(queue.taken, |ready| ready.outgoing.id);
            queue.ready.extend(handed_over.into_iter().filter(|ready| ready.outgoing.id > last));
        } else {
            queue.more = true;
        }
    }

    /// Forgets a conversation whose replies another server sends, or this one after a restart. If this one holds it under
    /// another lease by now, they are read anew, and that lease is returned: others may have sent some of them meanwhile.
    fn leave(&self, leases: &Leases, conversation: &Conversation, lease: &Arc<Lease>) -> Option<Arc<Lease>> {
        // Dropped when nothing is locked any more.
        let _left;
        let mut queues = lock(&self.queues);
        let newer = leases.held(conversation).filter(|held| held.number != lease.number);
        match queues.get_mut(conversation).filter(|_| newer.is_some()) {
            Some(queue) => {
                queue.more = true;
                _left = std::mem::take(&mut queue.ready);
            }
            None => _left = queues.remove(conversation).map(|queue| queue.ready).unwrap_or_default(),
        }
        newer
    }
}

impl Queue {
    fn new(account: Arc<Account>) -> Self {
        Self { ready: VecDeque::new(), more: false, taken: 0, _counted: Counted::in_account(account) }
    }

    fn add(&mut self, ready: Ready) {
        let last = self.ready.back().map_or(self.taken, |ready| ready.outgoing.id);
        if self.more || self.ready.len() >= IN_MEMORY {
            self.more = true;
        } else if ready.outgoing.id > last {
            self.ready.push_back(ready);
        }
    }
}

/// Counts a conversation of a channel as long as it has something to send.
struct Counted(Arc<Account>);

impl Counted {
    fn in_account(account: Arc<Account>) -> Self {
        account.conversations.fetch_add(1, Ordering::Relaxed);
        Self(account)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.conversations.fetch_sub(1, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many conversations of a channel have something to send.
type Conversations = AtomicUsize;
