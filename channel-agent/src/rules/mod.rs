//! Rasa's `RulePolicy`: what to do next, decided by rules.

mod learn;
mod predict;
mod state;

pub(crate) use learn::ACTION_LISTEN;
pub(crate) use predict::Prediction;
pub(crate) use state::{SlotState, State};

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::{domain::Domain, load::Problems, yaml::Place};

/// A rule as written.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) conversation_start: bool,
    /// Whether the bot listens once the rule is done.
    pub(crate) waits: bool,
    pub(crate) conditions: Vec<(String, Value)>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    User { intent: String, entities: Vec<String> },
    Action { name: String },
    Slot { name: String, value: Value },
}

/// What happens where no rule fits, as `RulePolicy` is configured.
#[derive(Debug)]
pub(crate) struct Fallback {
    pub(crate) threshold: f64,
    pub(crate) action: String,
    pub(crate) place: Option<Place>,
    pub(crate) enabled: bool,
}

impl Default for Fallback {
    fn default() -> Self {
        Self { threshold: 0.3, action: "action_default_fallback".to_owned(), place: None, enabled: true }
    }
}

/// What a rule says at one moment of a conversation.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    /// The last states, the present one at the end.
    states: Vec<State>,
    action: String,
    rule: String,
    place: Place,
    /// Of several rules that fit, Rasa follows the one that is longest when written down.
    weight: usize,
}

impl Decision {
    fn new(states: Vec<State>, action: &str, rule: &Rule) -> Self {
        let weight = weight(&Value::Array(states.iter().map(State::json).collect()));
        Self { states, action: action.to_owned(), rule: rule.name.clone(), place: rule.place.clone(), weight }
    }
}

impl Decision {
    fn slots(&self) -> impl Iterator<Item = &String> {
        self.states.iter().flat_map(|state| state.slots.keys())
    }
}

/// How long a value is as Python writes it.
fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => 2 + items.iter().map(|item| weight(item) + 2).sum::<usize>(),
        Value::Object(entries) => {
            2 + entries.iter().map(|(key, value)| key.chars().count() + 6 + weight(value)).sum::<usize>()
        }
        Value::String(text) => text.chars().count() + 2,
        value => value.to_string().len(),
    }
}

/// The action before, and what the user said last.
type Situation = (Option<String>, Option<String>);

/// All decisions of all rules.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    decisions: Vec<Decision>,
    /// Those whose last state has this action and this intent.
    by_situation: HashMap<Situation, Vec<usize>>,
    /// How many states the longest of them looks at.
    horizon: usize,
    /// The slots that they look at.
    slots: BTreeSet<String>,
    fallback: Fallback,
}

impl Rules {
    pub(crate) fn learn(
        rules: &[Rule],
        fallback: Fallback,
        domain: &Domain,
        problems: &mut Problems,
    ) -> Self {
        let mut decisions: Vec<Decision> = Vec::new();
        for decision in rules.iter().flat_map(|rule| learn::decisions(rule, domain)) {
            match decisions.iter().find(|known| known.states == decision.states) {
                Some(known) if known.action != decision.action => problems.add(
                    &decision.place,
                    format!(
                        "the rule `{}` runs `{}` where the rule `{}` ({}) runs `{}`",
                        decision.rule, decision.action, known.rule, known.place, known.action
                    ),
                    "give one of them a condition, or remove it",
                ),
                Some(_) => {}
                None => decisions.push(decision),
            }
        }
        refuse_cycles(&decisions, problems);
        let mut by_situation: HashMap<Situation, Vec<usize>> = HashMap::new();
        for (index, state) in decisions.iter().map(|decision| decision.states.last()).enumerate() {
            let situation = state.map(|state| (state.previous_action.clone(), state.intent.clone()));
            by_situation.entry(situation.unwrap_or_default()).or_default().push(index);
        }
        Self {
            by_situation,
            horizon: decisions.iter().map(|decision| decision.states.len()).max().unwrap_or(1),
            slots: decisions.iter().flat_map(Decision::slots).cloned().collect(),
            decisions,
            fallback,
        }
    }
}

/// Rules that, of an action alone, run the next action: they may not lead back to where they began.
fn refuse_cycles(decisions: &[Decision], problems: &mut Problems) {
    let next = |action: &str| {
        decisions.iter().find(|decision| match decision.states.as_slice() {
            [state] => {
                state.previous_action.as_deref() == Some(action)
                    && state.intent.is_none()
                    && state.slots.is_empty()
            }
            _ => false,
        })
    };
    let mut reported: Vec<&str> = Vec::new();
    for start in decisions.iter().filter(|decision| decision.action != ACTION_LISTEN) {
        let mut path = vec![start.action.as_str()];
        while let Some(decision) = path.last().and_then(|action| next(action)) {
            if decision.action == start.action {
                if !path.iter().any(|action| reported.contains(action)) {
                    reported.extend(&path);
                    path.push(&start.action);
                    let problem = format!("these actions follow one another for ever: {}", path.join(" -> "));
                    problems.add(&decision.place, problem, "let one of the rules wait for the user");
                }
                break;
            }
            if path.contains(&decision.action.as_str()) || decision.action == ACTION_LISTEN {
                break;
            }
            path.push(&decision.action);
        }
    }
}
