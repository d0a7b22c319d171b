//! Rules taken apart into single decisions.

use serde_json::Value;

use super::{Decision, Rule, SlotState, State, Step};
use crate::domain::Domain;

pub(crate) const ACTION_LISTEN: &str = "action_listen";

/// The decisions of a rule: what the conversation looked like, and the action that follows.
pub(super) fn decisions(rule: &Rule, domain: &Domain) -> Vec<Decision> {
    let mut walk =
        Walk { rule, states: Vec::new(), present: State::default(), decisions: Vec::new(), open: false };
    for (slot, value) in &rule.conditions {
        walk.set(slot, value, domain);
    }
    walk.open = rule.conversation_start;
    for step in &rule.steps {
        match step {
            Step::User { intent, entities } => {
                walk.act(ACTION_LISTEN);
                walk.present.intent = Some(intent.clone());
                walk.present.entities.clone_from(entities);
            }
            Step::Action { name } => walk.act(name),
            Step::Slot { name, value } => walk.set(name, value, domain),
        }
    }
    if rule.waits {
        walk.act(ACTION_LISTEN);
    }
    walk.decisions
}

struct Walk<'a> {
    rule: &'a Rule,
    states: Vec<State>,
    present: State,
    decisions: Vec<Decision>,
    /// Whether the present state belongs to the rule. What was before its first step does not, but at the beginning
    /// of a conversation.
    open: bool,
}

impl Walk<'_> {
    fn act(&mut self, action: &str) {
        if self.open {
            self.states.push(self.present.clone());
            self.decisions.push(Decision::new(self.states.clone(), action, self.rule));
        }
        self.open = true;
        self.present.previous_action = Some(action.to_owned());
    }

    fn set(&mut self, name: &str, value: &Value, domain: &Domain) {
        let Some(slot) = domain.slot(name) else { return };
        let slots = &mut self.present.slots;
        match slot.features(value) {
            Some(features) => slots.insert(name.to_owned(), SlotState::Set(features)),
            None if value.is_null() && slot.influences => slots.insert(name.to_owned(), SlotState::Unset),
            None => slots.remove(name),
        };
    }
}
