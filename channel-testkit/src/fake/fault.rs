//! Faults on demand.

use std::{collections::VecDeque, sync::Mutex, time::Duration};

use serde_json::Value;

use super::{KEPT, lock};

/// What becomes of a call instead of its answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// It is refused with this status.
    Status(u16),
    /// It is refused as one too many, as the platform does: status 429 and how long to wait, in whole seconds.
    RateLimited(Duration),
    /// It is answered with this status and body, and does nothing.
    Answer(u16, Value),
    /// It is read and never answered, until the bot hangs up.
    Stall,
    /// It is read, then the connection is closed: nothing was done.
    Close,
    /// It is done, then the connection is closed: the bot can't know.
    LoseAnswer,
}

/// What is to happen to the next ones, in order.
pub(crate) struct Queue<T>(Mutex<VecDeque<T>>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Queue<T> {
    pub(crate) fn push(&self, one: T) {
        let mut waiting = lock(&self.0);
        if waiting.len() < KEPT {
            waiting.push_back(one);
        }
    }

    pub(crate) fn take(&self) -> Option<T> {
        lock(&self.0).pop_front()
    }

    pub(crate) fn take_if(&self, fits: impl Fn(&T) -> bool) -> Option<T> {
        let mut waiting = lock(&self.0);
        let at = waiting.iter().position(fits)?;
        waiting.remove(at)
    }
}
