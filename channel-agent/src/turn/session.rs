//! How a session begins, and how a message is heard.

use std::mem;

use channel_core::{AgentError, Event, EventKind, Tracker, Turn, UserMessage};
use serde_json::Value;

use super::ACTION_SESSION_START;
use crate::{
    agent::DomainAgent,
    domain::SESSION_STARTED_METADATA,
    rules::{ACTION_LISTEN, Prediction},
};

impl DomainAgent {
    /// Declares the slots that the tracker does not know of.
    pub(crate) fn declare_slots(&self, tracker: &mut Tracker) {
        let slots = self.bot.domain.slots.iter().filter(|slot| tracker.slot(&slot.name).is_none());
        let missing: Vec<_> = slots.map(|slot| (slot.name.clone(), slot.initial.clone())).collect();
        if !missing.is_empty() {
            *tracker = mem::replace(tracker, Tracker::new("")).with_slots(missing);
        }
    }

    /// Begins a session, if the conversation is new or nobody spoke for long.
    pub(crate) async fn start_session(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        if !turn.tracker().applied_events().is_empty() && !self.has_expired(turn.tracker()) {
            return Ok(());
        }
        let message = turn.message();
        let metadata = message.metadata.as_ref().filter(|metadata| !metadata.is_empty());
        if let Some(metadata) = metadata.filter(|_| !is_external(message)) {
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
            let slots = tracker.applied_events().iter().filter_map(|event| match &event.kind {
                EventKind::Slot { name, value } => Some(Event::slot(name, value.clone())),
                _ => None,
            });
            events.extend(slots.map(|slot| self.now(slot)));
        }
        events.push(self.now(Event::action(ACTION_LISTEN)));
        events
    }

    /// Adds the message to the conversation, with what is understood of it.
    pub(super) fn log_message(&self, turn: &mut Turn<'_>) {
        let message = turn.message();
        let parsed = match &message.parse_data {
            Some(parsed) if !parsed.is_empty() => parsed.clone(),
            _ => self.bot.nlu.parse(&message.text, message.is_payload, &self.bot.domain),
        };
        let mut event = self.now(Event::user(message, parsed));
        if is_external(message) {
            disown(&mut event, turn.tracker());
        }
        self.log(turn, event);
    }
}

/// Whether no user said the message: it stands for an intent that was triggered from outside, which Rasa marks so.
fn is_external(message: &UserMessage) -> bool {
    let is_marked = message.metadata.as_ref().and_then(|metadata| metadata.get("is_external"));
    message.parse_data.is_some() && is_marked == Some(&Value::Bool(true))
}

/// What no user said has no id, and goes on in the channel that the user spoke through last.
fn disown(event: &mut Event, tracker: &Tracker) {
    if let EventKind::User { parse_data, input_channel, message_id, .. } = &mut event.kind {
        *input_channel = tracker.latest_input_channel().map(str::to_owned);
        *message_id = None;
        parse_data.insert("message_id".to_owned(), Value::Null);
    }
}
