//! A message, as it is kept.

use std::{sync::Arc, time::SystemTime};

use channel_core::UserMessage;

use super::super::{Incoming, Kept, Listed, MessageKey, Pending, Progress, State, Step};
use crate::Conversation;

/// A message, until it is forgotten.
pub(super) struct Message {
    pub(super) key: MessageKey,
    pub(super) conversation: Conversation,
    pub(super) waits: bool,
    pub(super) accepted_at: SystemTime,
    pub(super) attempts: u32,
    pub(super) retry_at: Option<SystemTime>,
    pub(super) error: Option<String>,
    pub(super) progress: Progress,
    pub(super) stage: Stage,
}

/// What is over has no need of its words any more.
pub(super) enum Stage {
    Pending(Box<UserMessage>),
    Ended(State),
}

impl Message {
    /// A message whose turn has to run, or to go on from what it has done.
    pub(super) fn new(key: MessageKey, incoming: Incoming<'_>, now: SystemTime, progress: Progress) -> Self {
        Self {
            key,
            conversation: incoming.conversation.clone(),
            waits: incoming.waits,
            accepted_at: now,
            attempts: 0,
            retry_at: None,
            error: None,
            progress,
            stage: Stage::Pending(Box::new(incoming.message.clone())),
        }
    }

    pub(super) fn advance(&mut self, step: &Step<'_>) {
        self.progress.steps += 1;
        self.progress.events += step.events.len() as u64;
        self.progress.replies.extend_from_slice(step.replies);
    }

    /// Ends it; returns what it was.
    pub(super) fn end_as(&mut self, state: State) -> Stage {
        std::mem::replace(&mut self.stage, Stage::Ended(state))
    }

    fn state(&self) -> State {
        match &self.stage {
            Stage::Pending(_) => State::Pending,
            Stage::Ended(state) => state.clone(),
        }
    }

    pub(super) fn kept(&self) -> Kept {
        Kept { state: self.state(), progress: self.progress.clone() }
    }

    pub(super) fn pending(&self, id: u64) -> Option<Pending> {
        let Stage::Pending(words) = &self.stage else { return None };
        Some(Pending {
            id,
            channel: Arc::clone(&self.key.channel),
            message: (**words).clone(),
            waits: self.waits,
            accepted_at: self.accepted_at,
            attempts: self.attempts,
            retry_at: self.retry_at,
            progress: self.progress.clone(),
        })
    }

    pub(super) fn listed(&self) -> Listed {
        Listed {
            key: self.key.clone(),
            conversation: self.conversation.clone(),
            state: self.state(),
            accepted_at: self.accepted_at,
            attempts: self.attempts,
            error: self.error.clone(),
        }
    }
}
