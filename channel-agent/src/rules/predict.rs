//! The next action of a conversation.

use std::{borrow::Cow, cmp::Reverse};

use channel_core::{EventKind, Tracker};

use super::{ACTION_LISTEN, Decision, Rules, state};
use crate::domain::Domain;

const POLICY: &str = "RulePolicy";

/// The next action, and who chose it why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prediction {
    pub(crate) action: String,
    pub(crate) policy: Option<Cow<'static, str>>,
    pub(crate) confidence: f64,
    /// Learning policies don't see the turn of a rule.
    pub(crate) is_rule: bool,
    /// The action answers the user's message.
    pub(crate) answers: bool,
}

impl Prediction {
    fn new(action: &str, policy: Option<Cow<'static, str>>, confidence: f64, is_rule: bool) -> Self {
        Self { action: action.to_owned(), policy, confidence, is_rule, answers: false }
    }

    /// An action that needs no policy.
    pub(crate) fn unasked(action: &str) -> Self {
        Self::new(action, None, 1.0, false)
    }

    /// An action that somebody outside chose, in the name of a policy.
    pub(crate) fn by_hand(action: &str, policy: Option<&str>, confidence: f64) -> Self {
        Self::new(action, policy.map(|policy| policy.to_owned().into()), confidence, false)
    }

    /// An action that another one asked for.
    pub(crate) fn followup(action: &str) -> Self {
        Self::new(action, Some("followup_action".into()), 1.0, false)
    }
}

impl Rules {
    /// What the rules say next.
    pub(crate) fn predict(&self, domain: &Domain, tracker: &Tracker) -> Prediction {
        let listens = tracker.latest_action().name() == Some(ACTION_LISTEN);
        let default = if listens { default_action(tracker) } else { None };
        let chosen = default.map(str::to_owned).or_else(|| self.action_of_rules(domain, tracker));
        let rejected = rejected(tracker);
        let prediction = match chosen.filter(|action| Some(action.as_str()) != rejected) {
            Some(action) => Prediction::new(&action, Some(POLICY.into()), 1.0, true),
            None => self.fallback(rejected),
        };
        Prediction { answers: listens, ..prediction }
    }

    fn action_of_rules(&self, domain: &Domain, tracker: &Tracker) -> Option<String> {
        let states = state::states(domain, tracker, &self.slots, self.horizon);
        let fits = |decision: &Decision| {
            let mut pairs = states.iter().rev().zip(decision.states.iter().rev());
            decision.states.len() <= states.len() && pairs.all(|(now, wanted)| now.fits(wanted))
        };
        let present = states.last()?;
        let action = present.previous_action.as_ref();
        let with_intent = present.intent.as_ref().map(|intent| (action.cloned(), Some(intent.clone())));
        let situations = with_intent.into_iter().chain([(action.cloned(), None)]);
        let candidates = situations.filter_map(|situation| self.by_situation.get(&situation)).flatten();
        let fitting = candidates.filter(|index| fits(&self.decisions[**index]));
        let best = fitting.max_by_key(|index| (self.decisions[**index].weight, Reverse(**index)))?;
        let best = &self.decisions[*best];
        tracing::debug!(rule = best.rule, action = best.action, "a rule decides");
        Some(best.action.clone())
    }

    /// What speaks for an action where `prediction` is made: the fallback stands ready beside any rule.
    pub(crate) fn score(&self, action: &str, prediction: &Prediction, tracker: &Tracker) -> f64 {
        let fallback = &self.fallback;
        if action == prediction.action {
            prediction.confidence
        } else if action == fallback.action
            && fallback.enabled
            && prediction.policy.as_deref() == Some(POLICY)
            && rejected(tracker) != Some(action)
        {
            fallback.threshold
        } else {
            0.0
        }
    }

    /// The fallback, if it is on; else the bot listens.
    fn fallback(&self, rejected: Option<&str>) -> Prediction {
        let fallback = &self.fallback;
        if fallback.enabled && rejected != Some(fallback.action.as_str()) {
            Prediction::new(&fallback.action, Some(POLICY.into()), fallback.threshold, false)
        } else {
            Prediction::new(ACTION_LISTEN, Some(POLICY.into()), 0.0, false)
        }
    }
}

/// The action that has just refused to run.
fn rejected(tracker: &Tracker) -> Option<&str> {
    match tracker.events().last().map(|event| &event.kind) {
        Some(EventKind::ActionExecutionRejected { name, .. }) => Some(name),
        _ => None,
    }
}

/// What the intents that every bot has lead to.
fn default_action(tracker: &Tracker) -> Option<&'static str> {
    match tracker.latest_intent()? {
        "restart" => Some("action_restart"),
        "back" => Some("action_back"),
        "session_start" => Some("action_session_start"),
        _ => None,
    }
}
