//! Dead letters.

use std::{collections::VecDeque, time::SystemTime};

use super::super::{DeadLetter, Filter, LetterId};

/// So many are kept: beyond that the oldest go.
const KEPT: usize = 1_000;

/// Dead letters, the oldest first.
#[derive(Default)]
pub(super) struct Letters(VecDeque<DeadLetter>);

impl Letters {
    /// Keeps a letter; returns the one that went for it.
    pub(super) fn push(&mut self, letter: DeadLetter) -> Option<DeadLetter> {
        self.0.push_back(letter);
        if self.0.len() > KEPT { self.0.pop_front() } else { None }
    }

    pub(super) fn get(&self, id: LetterId) -> Option<&DeadLetter> {
        self.0.iter().find(|letter| letter.id == id)
    }

    pub(super) fn take(&mut self, id: LetterId) -> Option<DeadLetter> {
        let index = self.0.iter().position(|letter| letter.id == id)?;
        self.0.remove(index)
    }

    /// Takes the oldest, if it is from before this time.
    pub(super) fn take_expired(&mut self, before: SystemTime) -> Option<DeadLetter> {
        self.0.pop_front_if(|letter| letter.since < before)
    }

    pub(super) fn listed(&self, filter: &Filter) -> impl Iterator<Item = &DeadLetter> {
        self.0.iter().filter(|letter| fits(filter, &letter.channel, &letter.conversation.sender_id))
    }

    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }
}

/// Whether something of this channel and sender is to be listed.
pub(super) fn fits(filter: &Filter, channel: &str, sender_id: &str) -> bool {
    filter.channel.as_deref().is_none_or(|wanted| wanted == channel)
        && filter.sender_id.as_deref().is_none_or(|wanted| wanted == sender_id)
}
