//! Replies, from their step until they are sent.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use channel_core::{BotMessage, Recipient};

use super::{
    super::{Content, DeadLetter, Filter, LetterId, ListedReply, Outgoing, Settlement},
    letters::{Letters, fits},
    queue::Queue,
};
use crate::Conversation;

#[derive(Default)]
pub(super) struct Outbox {
    replies: BTreeMap<u64, Reply>,
    pub(super) queue: Queue,
    pub(super) dead: Letters,
}

struct Reply {
    conversation: Conversation,
    since: SystemTime,
    error: Option<String>,
    outgoing: Outgoing,
}

impl Outbox {
    /// Puts a reply at the end of what is to be sent; returns its number.
    pub(super) fn push(
        &mut self,
        conversation: &Conversation,
        channel: &Arc<str>,
        to: Recipient,
        reply: BotMessage,
        now: SystemTime,
    ) -> u64 {
        let id = self.queue.push(conversation);
        let channel = Arc::clone(channel);
        let outgoing = Outgoing { id, channel, to, reply, attempts: 0, retry_at: None };
        let conversation = conversation.clone();
        self.replies.insert(id, Reply { conversation, since: now, error: None, outgoing });
        id
    }

    pub(super) fn unsent(&self, conversation: &Conversation, limit: usize) -> Vec<Outgoing> {
        self.queue.of(conversation).take(limit).map(|id| self.replies[id].outgoing.clone()).collect()
    }

    pub(super) fn settle(
        &mut self,
        conversation: &Conversation,
        id: u64,
        settlement: Settlement<'_>,
        now: SystemTime,
    ) {
        let Some(reply) = self.replies.get_mut(&id).filter(|reply| reply.conversation == *conversation)
        else {
            return;
        };
        match settlement {
            Settlement::Sent => drop(self.take(id)),
            Settlement::Retry { at, error, rest } => {
                reply.outgoing.attempts += 1;
                reply.outgoing.retry_at = Some(at);
                reply.error = Some(error.to_owned());
                if let Some(rest) = rest {
                    reply.outgoing.reply = rest.clone();
                }
            }
            Settlement::Dead { outcome, error } => self.bury(id, outcome, error, now),
        }
    }

    fn take(&mut self, id: u64) -> Option<Reply> {
        let reply = self.replies.remove(&id)?;
        self.queue.remove(&reply.conversation, id);
        Some(reply)
    }

    fn bury(&mut self, id: u64, outcome: &str, error: &str, now: SystemTime) {
        let Some(Reply { conversation, outgoing, .. }) = self.take(id) else { return };
        let Outgoing { channel, to, reply, attempts, .. } = outgoing;
        self.dead.push(DeadLetter {
            id: LetterId::Reply(id),
            conversation,
            channel,
            since: now,
            attempts: attempts + 1,
            error: error.to_owned(),
            content: Content::Reply { to, reply: Box::new(reply), outcome: outcome.to_owned() },
        });
    }

    /// Makes a dead letter unsent again, at the end of what is.
    pub(super) fn replay(&mut self, id: u64, now: SystemTime) -> Option<Conversation> {
        let DeadLetter { conversation, channel, content, .. } = self.dead.take(LetterId::Reply(id))?;
        let Content::Reply { to, reply, .. } = content else { return None };
        self.push(&conversation, &channel, to, *reply, now);
        Some(conversation)
    }

    pub(super) fn listed(&self, filter: &Filter) -> Vec<ListedReply> {
        let fitting = self
            .replies
            .values()
            .filter(|reply| fits(filter, &reply.outgoing.channel, &reply.conversation.sender_id));
        fitting.take(filter.limit).map(Reply::listed).collect()
    }

    /// Since when each reply is to be sent.
    pub(super) fn since(&self) -> impl Iterator<Item = SystemTime> {
        self.replies.values().map(|reply| reply.since)
    }
}

impl Reply {
    fn listed(&self) -> ListedReply {
        ListedReply {
            id: self.outgoing.id,
            conversation: self.conversation.clone(),
            channel: Arc::clone(&self.outgoing.channel),
            since: self.since,
            attempts: self.outgoing.attempts,
            retry_at: self.outgoing.retry_at,
            error: self.error.clone(),
        }
    }
}
