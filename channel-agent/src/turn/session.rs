//! How a session begins, and how a message is heard.

use std::mem;

use channel_core::{AgentError, Event, EventKind, Metadata, Tracker, Turn};
use serde_json::Value;

use super::ACTION_SESSION_START;
use crate::{
    agent::DomainAgent,
    domain::SESSION_STARTED_METADATA,
    rules::{ACTION_LISTEN, Prediction},
};

impl DomainAgent {
    /// Declares the slots that the tracker does not know of.
    pub(super) fn declare_slots(&self, tracker: &mut Tracker) {
        let missing: Vec<(String, Value)> = self
            .slots()
            .filter(|(name, _)| tracker.slot(name).is_none())
            .map(|(name, initial)| (name.to_owned(), initial))
            .collect();
        if !missing.is_empty() {
            *tracker = mem::replace(tracker, Tracker::new("")).with_slots(missing);
        }
    }

    /// Begins a session, if the conversation is new or nobody spoke for long.
    pub(super) async fn begin_session(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        if !turn.tracker().applied_events().is_empty() && !self.has_expired(turn.tracker()) {
            return Ok(());
        }
        if let Some(metadata) = turn.message().metadata.as_ref().filter(|metadata| !metadata.is_empty()) {
            let slot = Event::slot(SESSION_STARTED_METADATA, metadata.clone());
            self.log(turn, self.now(slot));
        }
        self.run(turn, &Prediction::unasked(ACTION_SESSION_START)).await
    }

    fn has_expired(&self, tracker: &Tracker) -> bool {
        let minutes = self.bot.domain.session.expiration_time;
        let last = tracker.events().iter().rev().find(|event| matches!(event.kind, EventKind::User { .. }));
        minutes > 0.0 && last.is_some_and(|last| ((self.clock)() - last.timestamp) / 60.0 > minutes)
    }

    /// The events that begin a session: the slots of the one before are set again.
    pub(super) fn session_start(&self, tracker: &Tracker) -> Vec<Event> {
        let mut events = vec![self.event(EventKind::SessionStarted)];
        if self.bot.domain.session.carry_over_slots {
            let slots = tracker.applied_events().into_iter().filter_map(|event| match &event.kind {
                EventKind::Slot { name, value } => Some(Event::slot(name, value.clone())),
                _ => None,
            });
            events.extend(slots.map(|slot| self.now(slot)));
        }
        events.push(self.now(Event::action(ACTION_LISTEN)));
        events
    }

    /// Understands the message, and adds it to the conversation.
    pub(super) fn hear(&self, turn: &mut Turn<'_>) {
        let message = turn.message();
        let parsed: Metadata = self.bot.nlu.parse(&message.text, &self.bot.domain);
        self.log(turn, self.now(Event::user(message, parsed)));
    }
}
