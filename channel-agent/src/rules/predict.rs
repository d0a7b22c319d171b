//! The next action of a conversation.

use channel_core::{EventKind, Tracker};

use super::{ACTION_LISTEN, Rules, state};
use crate::domain::Domain;

const POLICY: &str = "RulePolicy";

/// The next action, and who chose it why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prediction {
    pub(crate) action: String,
    pub(crate) policy: Option<&'static str>,
    pub(crate) confidence: f64,
    /// Learning policies don't see the turn of a rule.
    pub(crate) is_rule: bool,
    /// The action answers the user's message.
    pub(crate) answers: bool,
}

impl Prediction {
    fn new(action: &str, policy: Option<&'static str>, confidence: f64, is_rule: bool) -> Self {
        Self { action: action.to_owned(), policy, confidence, is_rule, answers: false }
    }

    /// An action that needs no policy.
    pub(crate) fn unasked(action: &str) -> Self {
        Self::new(action, None, 1.0, false)
    }

    /// An action that another one asked for.
    pub(crate) fn followup(action: &str) -> Self {
        Self::new(action, Some("followup_action"), 1.0, false)
    }
}

impl Rules {
    /// What the rules say next.
    pub(crate) fn predict(&self, domain: &Domain, tracker: &Tracker) -> Prediction {
        let listens = tracker.latest_action().name() == Some(ACTION_LISTEN);
        let default = if listens { default_action(tracker) } else { None };
        let chosen = default.map(str::to_owned).or_else(|| self.action_of_rules(domain, tracker));
        let rejected = match tracker.events().last().map(|event| &event.kind) {
            Some(EventKind::ActionExecutionRejected { name, .. }) => Some(name.as_str()),
            _ => None,
        };
        let prediction = match chosen.filter(|action| Some(action.as_str()) != rejected) {
            Some(action) => Prediction::new(&action, Some(POLICY), 1.0, true),
            None => self.fallback(rejected),
        };
        Prediction { answers: listens, ..prediction }
    }

    fn action_of_rules(&self, domain: &Domain, tracker: &Tracker) -> Option<String> {
        let states = state::states(domain, &tracker.applied_events());
        let mut best = None;
        for decision in &self.decisions {
            let fits = decision.states.len() <= states.len()
                && states
                    .iter()
                    .rev()
                    .zip(decision.states.iter().rev())
                    .all(|(now, wanted)| now.fits(wanted));
            if fits && best.is_none_or(|best: &super::Decision| decision.weight > best.weight) {
                best = Some(decision);
            }
        }
        let best = best?;
        tracing::debug!(rule = best.rule, action = best.action, "a rule decides");
        Some(best.action.clone())
    }

    /// The fallback, if it is on; else the bot listens.
    fn fallback(&self, rejected: Option<&str>) -> Prediction {
        let fallback = &self.fallback;
        if fallback.enabled && rejected != Some(fallback.action.as_str()) {
            Prediction::new(&fallback.action, Some(POLICY), fallback.threshold, false)
        } else {
            Prediction::new(ACTION_LISTEN, Some(POLICY), 0.0, false)
        }
    }
}

/// What the intents that every bot has lead to.
fn default_action(tracker: &Tracker) -> Option<&'static str> {
    match tracker.latest_message().get("intent")?["name"].as_str()? {
        "restart" => Some("action_restart"),
        "back" => Some("action_back"),
        "session_start" => Some("action_session_start"),
        _ => None,
    }
}
