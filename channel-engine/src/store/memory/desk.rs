//! What there is to do: messages, replies, and what is scheduled.

use std::{collections::BTreeSet, time::SystemTime};

use super::{
    super::{Accepted, Backlog, DeadLetter, Due, Filter, Incoming, LetterId, Ripe, Scheduled, Step},
    inbox::Inbox,
    outbox::Outbox,
    schedule::Schedule,
};
use crate::Conversation;

#[derive(Default)]
pub(super) struct Desk {
    pub(super) inbox: Inbox,
    pub(super) outbox: Outbox,
    pub(super) schedule: Schedule,
}

impl Desk {
    /// Keeps what a step did besides its events; returns the numbers of the replies that are to be sent.
    pub(super) fn commit(&mut self, step: &Step<'_>, now: SystemTime) -> Vec<u64> {
        self.inbox.commit(step, now);
        for scheduled in step.schedule {
            self.schedule.push(step.conversation, scheduled);
        }
        let Some(outward) = step.outward else { return Vec::new() };
        let replies = step.replies.iter().cloned();
        replies
            .map(|reply| self.outbox.push(step.conversation, outward.channel, outward.to.clone(), reply, now))
            .collect()
    }

    pub(super) fn ripen(&mut self, now: SystemTime) -> Ripe {
        let mut conversations = BTreeSet::new();
        while let Some((conversation, scheduled)) = self.schedule.take_due(now) {
            if self.enqueue(&conversation, scheduled, now) {
                conversations.insert(conversation);
            }
        }
        Ripe { conversations: conversations.into_iter().collect(), next: self.schedule.next() }
    }

    /// Puts what has come due at the end of what there is to do; not a message whose id is known.
    fn enqueue(&mut self, conversation: &Conversation, scheduled: Scheduled, now: SystemTime) -> bool {
        let Scheduled { channel, what, .. } = scheduled;
        match what {
            Due::Message(message) => {
                let incoming = Incoming { conversation, channel: &channel, message: &message, waits: false };
                self.inbox.accept(incoming, now) != Accepted::Duplicate
            }
            Due::Reply(to, reply) => {
                self.outbox.push(conversation, &channel, to, *reply, now);
                true
            }
        }
    }

    pub(super) fn work(&self, after: Option<&Conversation>, limit: usize) -> Vec<Conversation> {
        let pending = self.inbox.queue.after(after).take(limit);
        let unsent = self.outbox.queue.after(after).take(limit);
        let both: BTreeSet<_> = pending.chain(unsent).collect();
        both.into_iter().take(limit).cloned().collect()
    }

    /// Whether there is anything to do in a conversation.
    pub(super) fn has_work(&self, conversation: &Conversation) -> bool {
        self.inbox.queue.has(conversation) || self.outbox.queue.has(conversation)
    }

    pub(super) fn backlog(&self) -> Backlog {
        Backlog {
            pending: self.inbox.since().count() as u64,
            oldest_pending: self.inbox.since().min(),
            unsent: self.outbox.since().count() as u64,
            oldest_unsent: self.outbox.since().min(),
            scheduled: self.schedule.count(),
            dead_letters: self.inbox.dead.count() + self.outbox.dead.count(),
        }
    }

    pub(super) fn dead_letters(&self, filter: &Filter) -> Vec<DeadLetter> {
        let both = self.inbox.dead.listed(filter).chain(self.outbox.dead.listed(filter));
        both.take(filter.limit).cloned().collect()
    }

    pub(super) fn dead_letter(&self, id: LetterId) -> Option<&DeadLetter> {
        self.inbox.dead.get(id).or_else(|| self.outbox.dead.get(id))
    }

    pub(super) fn replay(&mut self, id: LetterId, now: SystemTime) -> Option<Conversation> {
        match id {
            LetterId::Message(id) => self.inbox.replay(id, now),
            LetterId::Reply(id) => self.outbox.replay(id, now),
        }
    }

    pub(super) fn discard(&mut self, id: LetterId, now: SystemTime) -> bool {
        match id {
            LetterId::Message(id) => self.inbox.discard(id, now),
            LetterId::Reply(_) => self.outbox.dead.take(id).is_some(),
        }
    }

    pub(super) fn sweep(&mut self, messages: SystemTime, dead_letters: SystemTime) {
        self.inbox.sweep(messages, dead_letters);
        while self.outbox.dead.take_expired(dead_letters).is_some() {}
    }
}
