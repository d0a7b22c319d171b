//! Slots filled from what the user said, by their mappings.

use std::collections::BTreeSet;

use channel_core::{AgentError, Event, EventKind, Tracker, Turn};
use serde_json::Value;

use super::log::causes;
use crate::{
    actions::ActionError,
    agent::DomainAgent,
    domain::{Mapping, Slot, SlotKind, Source},
};

/// The custom action that may check slots before they are set.
const ACTION_VALIDATE: &str = "action_validate_slot_mappings";

impl DomainAgent {
    /// Fills slots from the message that was heard last.
    pub(super) async fn fill_slots(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let mut events = Vec::new();
        let mut ran = BTreeSet::new();
        for slot in &self.bot.domain.slots {
            for mapping in slot.mappings.iter().filter(|mapping| mapping.wants(turn.tracker())) {
                if let Source::Custom { action: Some((action, _)) } = &mapping.source {
                    if ran.insert(action) {
                        events.extend(self.slots_of(action, turn, turn.tracker()).await);
                    }
                } else if let Some(value) = extracted(slot, mapping, turn.tracker()) {
                    events.push(self.now(Event::slot(&slot.name, value)));
                    break;
                }
            }
        }
        if self.bot.domain.actions.contains_key(ACTION_VALIDATE) {
            events = self.validated(events, turn).await;
        }
        self.log_all(turn, events);
        turn.flush().await
    }

    /// What a custom action makes of slots: it may set some and say something, and nothing else.
    async fn slots_of(&self, action: &str, turn: &Turn<'_>, tracker: &Tracker) -> Vec<Event> {
        match self.perform_custom(action, turn, tracker).await {
            Ok(mut events) => {
                events.retain(|event| matches!(event.kind, EventKind::Slot { .. } | EventKind::Bot { .. }));
                events
            }
            Err(ActionError::Rejected(_)) => Vec::new(),
            Err(error) => {
                let (sender_id, error) = (tracker.sender_id(), causes(&error));
                tracing::error!(
                    action,
                    sender_id,
                    error,
                    "an action that sets slots failed; none are set by it"
                );
                Vec::new()
            }
        }
    }

    /// A slot that the action says nothing of is fine as it is.
    async fn validated(&self, events: Vec<Event>, turn: &Turn<'_>) -> Vec<Event> {
        let mut tracker = turn.tracker().clone();
        tracker.extend(events.iter().cloned());
        let mut validated = self.slots_of(ACTION_VALIDATE, turn, &tracker).await;
        let set: BTreeSet<String> = validated.iter().filter_map(slot_name).map(str::to_owned).collect();
        validated.extend(
            events.into_iter().filter(|event| slot_name(event).is_some_and(|name| !set.contains(name))),
        );
        validated
    }
}

impl Mapping {
    /// Whether the mapping is for the intent of the message.
    fn wants(&self, tracker: &Tracker) -> bool {
        let intent = tracker.latest_intent().unwrap_or_default();
        let is_named = |names: &[String]| names.iter().any(|name| name == intent);
        if self.intents.is_empty() { !is_named(&self.not_intents) } else { is_named(&self.intents) }
    }
}

/// The value that a mapping gives a slot: the last one found, or all of them for a list.
fn extracted(slot: &Slot, mapping: &Mapping, tracker: &Tracker) -> Option<Value> {
    let values = match &mapping.source {
        Source::Entity { entity, role, group } => {
            let is_wanted = |found: &&Value| {
                found["entity"] == **entity
                    && found.get("role").and_then(Value::as_str) == role.as_deref()
                    && found.get("group").and_then(Value::as_str) == group.as_deref()
            };
            let found = tracker.latest_entities().filter(is_wanted);
            found.map(|entity| entity["value"].clone()).collect()
        }
        Source::Text => vec![tracker.latest_text().into()],
        Source::Intent { value } => vec![value.clone()],
        Source::Custom { .. } => Vec::new(),
    };
    let last = values.last()?.clone();
    if slot.kind == SlotKind::List {
        return Some(values.into());
    }
    let was_set = tracker.slot(&slot.name).is_some_and(|value| !value.is_null());
    (!last.is_null() || was_set).then_some(last)
}

fn slot_name(event: &Event) -> Option<&str> {
    match &event.kind {
        EventKind::Slot { name, .. } => Some(name),
        _ => None,
    }
}
