//! What rules see of a conversation at one moment.

use std::{collections::BTreeMap, sync::Arc};

use channel_core::{Event, EventKind, Metadata};
use serde_json::{Value, json};

use crate::domain::Domain;

/// What rules see of a conversation just before an action: the action before, what the user said last, the slots.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    /// `None` at the very beginning of a session.
    pub(crate) previous_action: Option<String>,
    pub(crate) intent: Option<String>,
    /// Sorted; none in a rule that does not care.
    pub(crate) entities: Vec<String>,
    pub(crate) slots: BTreeMap<String, SlotState>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SlotState {
    Unset,
    /// The slot's features.
    Set(Vec<f64>),
}

impl State {
    /// Whether a conversation in this state is where a rule wants it.
    pub(crate) fn fits(&self, rule: &State) -> bool {
        if self.previous_action.is_none() && rule.previous_action.is_none() {
            return true;
        }
        self.previous_action == rule.previous_action
            && (rule.intent.is_none() || self.intent == rule.intent)
            && (rule.entities.is_empty() || self.entities == rule.entities)
            && rule.slots.iter().all(|(name, wanted)| match wanted {
                SlotState::Unset => !self.slots.contains_key(name),
                SlotState::Set(_) => self.slots.get(name) == Some(wanted),
            })
    }

    /// The state in the shape in which Rasa measures rules.
    pub(super) fn json(&self) -> Value {
        let mut state = Metadata::new();
        if let Some(action) = &self.previous_action {
            state.insert("prev_action".to_owned(), json!({ "action_name": action }));
        }
        let slots: Metadata = self
            .slots
            .iter()
            .map(|(name, slot)| match slot {
                SlotState::Unset => (name.clone(), json!("should_not_be_set")),
                SlotState::Set(features) => (name.clone(), json!(features)),
            })
            .collect();
        if !slots.is_empty() {
            state.insert("slots".to_owned(), slots.into());
        }
        let mut user = Metadata::new();
        if !self.entities.is_empty() {
            user.insert("entities".to_owned(), json!(self.entities));
        }
        if let Some(intent) = &self.intent {
            user.insert("intent".to_owned(), json!(intent));
        }
        if !user.is_empty() {
            state.insert("user".to_owned(), user.into());
        }
        state.into()
    }
}

/// The states of a conversation before each of its actions, and the present one.
pub(crate) fn states(domain: &Domain, events: &[&Arc<Event>]) -> Vec<State> {
    let mut states = Vec::new();
    let mut present = State::default();
    reset_slots(domain, &mut present);
    for event in events {
        match &event.kind {
            EventKind::Action { name, .. } => {
                states.push(present.clone());
                present.previous_action.clone_from(name);
            }
            EventKind::User { parse_data, .. } => hear(domain, parse_data, &mut present),
            EventKind::Slot { name, value } => set_slot(domain, name, value, &mut present),
            EventKind::ResetSlots => reset_slots(domain, &mut present),
            _ => {}
        }
    }
    states.push(present);
    states
}

fn hear(domain: &Domain, parse_data: &Metadata, state: &mut State) {
    let intent = parse_data.get("intent").and_then(|intent| intent["name"].as_str());
    let seen = intent.and_then(|intent| domain.intents.get(intent));
    let entities = parse_data.get("entities").and_then(Value::as_array);
    let names = entities.into_iter().flatten().filter_map(|entity| entity["entity"].as_str());
    state.entities = names
        .filter(|name| domain.has_entity(name) && seen.is_none_or(|seen| seen.contains(name)))
        .map(str::to_owned)
        .collect();
    state.entities.sort();
    state.entities.dedup();
    state.intent = intent.map(str::to_owned);
}

fn set_slot(domain: &Domain, name: &str, value: &Value, state: &mut State) {
    match domain.slot(name).and_then(|slot| slot.features(value)) {
        Some(features) => state.slots.insert(name.to_owned(), SlotState::Set(features)),
        None => state.slots.remove(name),
    };
}

fn reset_slots(domain: &Domain, state: &mut State) {
    for slot in &domain.slots {
        set_slot(domain, &slot.name, &slot.initial, state);
    }
}
