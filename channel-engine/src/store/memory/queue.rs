//! What waits, in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound::{Excluded, Unbounded},
};

use crate::Conversation;

/// The numbers of what waits, by conversation. A conversation in which nothing waits takes no memory.
#[derive(Default)]
pub(super) struct Queue {
    last: u64,
    waiting: BTreeMap<Conversation, BTreeSet<u64>>,
}

impl Queue {
    /// A new number, at the end of what waits in the conversation.
    pub(super) fn push(&mut self, conversation: &Conversation) -> u64 {
        self.last += 1;
        match self.waiting.get_mut(conversation) {
            Some(ids) => ids.insert(self.last),
            None => self.waiting.entry(conversation.clone()).or_default().insert(self.last),
        };
        self.last
    }

    pub(super) fn remove(&mut self, conversation: &Conversation, id: u64) {
        let Some(ids) = self.waiting.get_mut(conversation) else { return };
        ids.remove(&id);
        if ids.is_empty() {
            self.waiting.remove(conversation);
        }
    }

    /// Whether anything waits in the conversation.
    pub(super) fn has(&self, conversation: &Conversation) -> bool {
        self.waiting.contains_key(conversation)
    }

    /// What waits in the conversation, in order.
    pub(super) fn of(&self, conversation: &Conversation) -> impl Iterator<Item = &u64> {
        self.waiting.get(conversation).into_iter().flatten()
    }

    /// All that waits.
    pub(super) fn all(&self) -> impl Iterator<Item = &u64> {
        self.waiting.values().flatten()
    }

    /// The conversations after this one in which something waits, sorted.
    pub(super) fn after(&self, conversation: Option<&Conversation>) -> impl Iterator<Item = &Conversation> {
        let start = conversation.map_or(Unbounded, Excluded);
        self.waiting.range::<Conversation, _>((start, Unbounded)).map(|(conversation, _)| conversation)
    }
}
