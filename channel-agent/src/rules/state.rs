//! What rules see of a conversation at one moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use channel_core::{Event, EventKind, Metadata, Tracker};
use serde_json::{Value, json};

use crate::domain::{Domain, Slot};

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

/// The last states of a conversation, the present one at the end, and no more of them than `count`. Of slots, they have
/// those that are named.
pub(crate) fn states(
    domain: &Domain,
    tracker: &Tracker,
    slots: &BTreeSet<String>,
    count: usize,
) -> Vec<State> {
    let events = tracker.applied_events();
    let actions = events.iter().enumerate().rev().filter(|(_, event)| is_action(event));
    let last_actions = actions.map(|(index, _)| index).take(count.saturating_sub(1));
    let (before, since) = match last_actions.enumerate().last() {
        Some((taken, index)) if taken + 2 == count => events.split_at(index),
        _ if count <= 1 => (events, &events[events.len()..]),
        _ => (&events[..0], events),
    };
    let mut present = state_after(domain, before);
    for slot in slots.iter().filter_map(|name| domain.slot(name)) {
        set_slot(slot, value_before(slot, tracker, before, since), &mut present);
    }
    let mut states = Vec::new();
    for event in since {
        match &event.kind {
            EventKind::Action { name, .. } => {
                states.push(present.clone());
                present.previous_action.clone_from(name);
            }
            EventKind::User { parse_data, .. } => hear(domain, parse_data, &mut present),
            EventKind::Slot { name, value } if slots.contains(name) => {
                if let Some(slot) = domain.slot(name) {
                    set_slot(slot, value, &mut present);
                }
            }
            EventKind::ResetSlots => {
                for slot in slots.iter().filter_map(|name| domain.slot(name)) {
                    set_slot(slot, &slot.initial, &mut present);
                }
            }
            _ => {}
        }
    }
    states.push(present);
    states
}

/// What rules see after these events, but slots.
fn state_after(domain: &Domain, events: &[Arc<Event>]) -> State {
    let mut state = State::default();
    let action = events.iter().rev().find(|event| is_action(event));
    if let Some(EventKind::Action { name, .. }) = action.map(|event| &event.kind) {
        state.previous_action.clone_from(name);
    }
    let user = events.iter().rev().find(|event| matches!(event.kind, EventKind::User { .. }));
    if let Some(EventKind::User { parse_data, .. }) = user.map(|event| &event.kind) {
        hear(domain, parse_data, &mut state);
    }
    state
}

/// A slot's value before the latest events: the one that it has, unless they touch it.
fn value_before<'a>(
    slot: &'a Slot,
    tracker: &'a Tracker,
    before: &'a [Arc<Event>],
    since: &[Arc<Event>],
) -> &'a Value {
    let touched = |event: &EventKind| match event {
        EventKind::Slot { name, .. } => *name == slot.name,
        EventKind::ResetSlots => true,
        _ => false,
    };
    if !since.iter().any(|event| touched(&event.kind)) {
        return tracker.slot(&slot.name).unwrap_or(&slot.initial);
    }
    match before.iter().rev().find(|event| touched(&event.kind)).map(|event| &event.kind) {
        Some(EventKind::Slot { value, .. }) => value,
        _ => &slot.initial,
    }
}

fn is_action(event: &Event) -> bool {
    matches!(event.kind, EventKind::Action { .. })
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

fn set_slot(slot: &Slot, value: &Value, state: &mut State) {
    match slot.features(value) {
        Some(features) => state.slots.insert(slot.name.clone(), SlotState::Set(features)),
        None => state.slots.remove(&slot.name),
    };
}
