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
#[derive(Default)]
pub(super) struct Queue {
    ready: VecDeque<Ready>,
    /// The store may have others, which are not in memory.
    pub(super) more: bool,
    /// The highest number that was taken out.
    taken: u64,
    /// The channels whose replies stay in the store, since they are not mounted.
    pub(super) absent: Vec<Arc<str>>,
    /// So many turns are about to hand over replies.
    pub(super) expected: u32,
    /// Whether the task that sends is there.
    pub(super) is_sent: bool,
    /// In the accounts of the channels that it has had replies of: one, where conversations are not shared.
    counted: Vec<Counted>,
}

impl Queue {
    /// Counts the conversation among those of a channel that have something to send.
    pub(super) fn count(&mut self, account: Arc<Account>) {
        if !self.counted.iter().any(|counted| Arc::ptr_eq(&counted.0, &account)) {
            self.counted.push(Counted::in_account(account));
        }
    }

    /// Adds a reply at the end. Of one that may have been read from the store already, the store knows whether it was sent.
    pub(super) fn add(&mut self, ready: Ready) {
        if self.absent.contains(&ready.outgoing.channel) {
            return;
        }
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

    /// Puts what the store has in the place of what is in memory; `is_all`: there is no more of it. `false`: all of it waits
    /// for its channel, and there is more.
    ///
    /// What was taken out before is settled by now, and so not among it. What was handed over while it was read may be.
    pub(super) fn refill(
        &mut self,
        mut rows: Vec<Outgoing>,
        is_all: bool,
        account: impl Fn(&Arc<str>) -> Arc<Account>,
    ) -> bool {
        rows.retain(|outgoing| !self.absent.contains(&outgoing.channel));
        if rows.is_empty() && !is_all {
            return false;
        }
        let mut handed_over = mem::take(&mut self.ready);
        for outgoing in rows {
            self.count(account(&outgoing.channel));
            let place = handed_over.iter().position(|ready| ready.outgoing.id == outgoing.id);
            let ready = place.and_then(|place| handed_over.remove(place));
            let read = || Ready { outgoing, output: None, watch: None, trace_id: None, is_partial: false };
            self.ready.push_back(ready.unwrap_or_else(read));
        }
        self.more |= !is_all;
        for ready in handed_over {
            self.add(ready);
        }
        true
    }

    /// Leaves the replies of a channel in the store.
    pub(super) fn leave(&mut self, channel: &Arc<str>) {
        self.ready.retain(|ready| ready.outgoing.channel != *channel);
        self.absent.push(Arc::clone(channel));
    }

    /// Takes out what is in memory.
    pub(super) fn clear(&mut self) -> VecDeque<Ready> {
        mem::take(&mut self.ready)
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
