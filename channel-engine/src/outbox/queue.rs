//! What is to be sent in a conversation.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, atomic::Ordering},
};

use super::{Ready, account::Account};
use crate::Outgoing;

/// So many replies of a conversation are held in memory; the others are read from the store when these are sent.
pub(super) const IN_MEMORY: usize = 64;

/// What is to be sent in a conversation. One task sends it.
pub(super) struct Queue {
    ready: VecDeque<Ready>,
    /// The store may have others, which are not in memory.
    pub(super) more: bool,
    /// The highest number that was taken out.
    taken: u64,
    /// So many turns are about to hand over replies.
    pub(super) expected: u32,
    /// Whether the task that sends is there.
    pub(super) is_sent: bool,
    _counted: Counted,
}

impl Queue {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self {
            ready: VecDeque::new(),
            more: false,
            taken: 0,
            expected: 0,
            is_sent: false,
            _counted: Counted::in_account(account),
        }
    }

    /// Adds a reply at the end. Of one that may have been read from the store already, the store knows whether it was sent.
    pub(super) fn add(&mut self, ready: Ready) {
        let last = self.ready.back().map_or(self.taken, |ready| ready.outgoing.id);
        if self.more || self.ready.len() >= IN_MEMORY || ready.outgoing.id <= last {
            self.more = true;
        } else {
            self.ready.push_back(ready);
        }
    }

    pub(super) fn take(&mut self) -> Option<Ready> {
        let ready = self.ready.pop_front()?;
        self.taken = self.taken.max(ready.outgoing.id);
        Some(ready)
    }

    /// Puts what the store has in the place of what is in memory; `is_all`: there is no more of it.
    ///
    /// What was taken out before is settled by now, and so not among it. What was handed over while it was read may be.
    pub(super) fn refill(&mut self, rows: Vec<Outgoing>, is_all: bool) {
        let mut handed_over = mem::take(&mut self.ready);
        for outgoing in rows {
            let place = handed_over.iter().position(|ready| ready.outgoing.id == outgoing.id);
            let ready = place.and_then(|place| handed_over.remove(place));
            let read = || Ready { outgoing, output: None, watch: None, trace_id: None };
            self.ready.push_back(ready.unwrap_or_else(read));
        }
        self.more |= !is_all;
        for ready in handed_over {
            self.add(ready);
        }
    }

    /// Whether nothing is to be sent, and nothing is remembered for anybody.
    pub(super) fn is_over(&self) -> bool {
        !self.is_sent && self.expected == 0
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
