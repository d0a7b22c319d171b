//! What is to happen later.

use std::{collections::BTreeMap, time::SystemTime};

use super::super::Scheduled;
use crate::Conversation;

/// Sorted by time; what is due at the same time, in the order in which it was scheduled.
#[derive(Default)]
pub(super) struct Schedule {
    last: u64,
    entries: BTreeMap<(SystemTime, u64), (Conversation, Scheduled)>,
}

impl Schedule {
    pub(super) fn push(&mut self, conversation: &Conversation, scheduled: &Scheduled) {
        self.last += 1;
        self.entries.insert((scheduled.due, self.last), (conversation.clone(), scheduled.clone()));
    }

    /// Takes the first, if its time has come.
    pub(super) fn take_due(&mut self, now: SystemTime) -> Option<(Conversation, Scheduled)> {
        let first = self.entries.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// When the next is due.
    pub(super) fn next(&self) -> Option<SystemTime> {
        self.entries.first_key_value().map(|((due, _), _)| *due)
    }

    pub(super) fn count(&self) -> u64 {
        self.entries.len() as u64
    }
}
