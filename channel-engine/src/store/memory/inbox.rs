//! Messages, from their acceptance until they are forgotten.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
    time::SystemTime,
};

use super::{
    super::{
        Accepted, Content, DeadLetter, Filter, Incoming, Kept, LetterId, Listed, MessageKey, Pending,
        Progress, Retrial, State, Step,
    },
    letters::{Letters, fits},
    message::{Message, Stage},
    queue::Queue,
};
use crate::Conversation;

/// So many messages that are over are remembered: beyond that the oldest are forgotten.
const REMEMBERED: usize = 10_000;

#[derive(Default)]
pub(super) struct Inbox {
    ids: HashMap<MessageKey, u64>,
    messages: BTreeMap<u64, Message>,
    pub(super) queue: Queue,
    pub(super) dead: Letters,
    /// Those that are over, the oldest first.
    over: VecDeque<(SystemTime, u64)>,
}

impl Inbox {
    pub(super) fn accept(&mut self, incoming: Incoming<'_>, now: SystemTime) -> Accepted {
        let key = MessageKey::new(Arc::clone(incoming.channel), incoming.message.message_id.as_str());
        let known = self.ids.get(&key).copied();
        let progress = known.map_or_else(|| Some(Progress::default()), |id| self.reopen(id, &incoming));
        let Some(progress) = progress else { return Accepted::Duplicate };
        let id = self.push(Message::new(key, incoming, now, progress));
        if known.is_some() { Accepted::Reopened { id } } else { Accepted::New { id } }
    }

    /// Takes a dead letter back whose caller was told that it failed; returns what its turn had done.
    fn reopen(&mut self, id: u64, incoming: &Incoming<'_>) -> Option<Progress> {
        let known = self.messages.get(&id)?;
        let was_awaited = known.waits && matches!(known.stage, Stage::Ended(State::Dead(_)));
        if !(was_awaited && incoming.waits && known.conversation == *incoming.conversation) {
            return None;
        }
        self.dead.take(LetterId::Message(id));
        self.forget(id).map(|message| Progress { events: 0, ..message.progress })
    }

    fn push(&mut self, message: Message) -> u64 {
        let id = self.queue.push(&message.conversation);
        self.ids.insert(message.key.clone(), id);
        self.messages.insert(id, message);
        id
    }

    pub(super) fn get(&self, key: &MessageKey) -> Option<Kept> {
        self.messages.get(self.ids.get(key)?).map(Message::kept)
    }

    pub(super) fn pending(&self, conversation: &Conversation, limit: usize) -> Vec<Pending> {
        let ids = self.queue.of(conversation).take(limit);
        ids.filter_map(|id| self.messages[id].pending(*id)).collect()
    }

    /// Keeps what a step did; with the last one its message, and those that it answers too, are over.
    pub(super) fn commit(&mut self, step: &Step<'_>, now: SystemTime) {
        if let Some((id, message)) = step.message.and_then(|key| self.pending_mut(key)) {
            message.advance(step);
            if step.is_last {
                self.end(id, State::Over, now);
            }
        }
        if step.is_last {
            let by = step.message.map_or("", |key| &key.message_id);
            self.supersede(step.supersedes, by, now);
        }
    }

    pub(super) fn supersede(&mut self, keys: &[MessageKey], by: &str, now: SystemTime) {
        for key in keys {
            if let Some((id, _)) = self.pending_mut(key) {
                self.end(id, State::Superseded(by.to_owned()), now);
            }
        }
    }

    pub(super) fn fail(&mut self, key: &MessageKey, error: &str, then: Retrial, now: SystemTime) {
        let Some((id, message)) = self.pending_mut(key) else { return };
        message.attempts += 1;
        message.error = Some(error.to_owned());
        match then {
            Retrial::At(time) => message.retry_at = Some(time),
            Retrial::Never => self.bury(id, error, now),
        }
    }

    fn bury(&mut self, id: u64, error: &str, now: SystemTime) {
        let Some(message) = self.messages.get_mut(&id) else { return };
        let Stage::Pending(words) = message.end_as(State::Dead(error.to_owned())) else { return };
        self.queue.remove(&message.conversation, id);
        let letter = DeadLetter {
            id: LetterId::Message(id),
            conversation: message.conversation.clone(),
            channel: Arc::clone(&message.key.channel),
            since: now,
            attempts: message.attempts,
            error: error.to_owned(),
            content: Content::Message(words),
        };
        if let Some(DeadLetter { id: LetterId::Message(oldest), .. }) = self.dead.push(letter) {
            self.forget(oldest);
        }
    }

    /// Makes a dead letter pending again, at the end of what is.
    pub(super) fn replay(&mut self, id: u64, now: SystemTime) -> Option<Conversation> {
        let letter = self.dead.take(LetterId::Message(id))?;
        let Content::Message(words) = letter.content else { return None };
        let known = self.forget(id)?;
        self.push(Message {
            waits: false,
            accepted_at: now,
            attempts: 0,
            retry_at: None,
            error: None,
            stage: Stage::Pending(words),
            progress: Progress { events: 0, ..known.progress },
            ..known
        });
        Some(letter.conversation)
    }

    pub(super) fn discard(&mut self, id: u64, now: SystemTime) -> bool {
        let was_there = self.dead.take(LetterId::Message(id)).is_some();
        if was_there {
            self.end(id, State::Superseded("discarded".to_owned()), now);
        }
        was_there
    }

    pub(super) fn sweep(&mut self, messages: SystemTime, dead_letters: SystemTime) {
        while let Some((_, id)) = self.over.pop_front_if(|(time, _)| *time < messages) {
            self.forget(id);
        }
        while let Some(letter) = self.dead.take_expired(dead_letters) {
            if let LetterId::Message(id) = letter.id {
                self.forget(id);
            }
        }
    }

    pub(super) fn listed(&self, filter: &Filter) -> Vec<Listed> {
        let fitting = self.messages.values().filter(|message| {
            let is_listed = match &message.stage {
                Stage::Pending(_) => true,
                Stage::Ended(state) => !filter.unfinished && !matches!(state, State::Dead(_)),
            };
            is_listed && fits(filter, &message.key.channel, &message.conversation.sender_id)
        });
        fitting.take(filter.limit).map(Message::listed).collect()
    }

    /// When the pending messages were accepted.
    pub(super) fn since(&self) -> impl Iterator<Item = SystemTime> {
        self.queue.all().map(|id| self.messages[id].accepted_at)
    }

    fn pending_mut(&mut self, key: &MessageKey) -> Option<(u64, &mut Message)> {
        let id = *self.ids.get(key)?;
        let message = self.messages.get_mut(&id)?;
        matches!(message.stage, Stage::Pending(_)).then_some((id, message))
    }

    fn end(&mut self, id: u64, state: State, now: SystemTime) {
        let Some(message) = self.messages.get_mut(&id) else { return };
        message.end_as(state);
        self.queue.remove(&message.conversation, id);
        self.over.push_back((now, id));
        if self.over.len() > REMEMBERED
            && let Some((_, oldest)) = self.over.pop_front()
        {
            self.forget(oldest);
        }
    }

    fn forget(&mut self, id: u64) -> Option<Message> {
        let message = self.messages.remove(&id)?;
        self.ids.remove(&message.key);
        Some(message)
    }
}
