//! What an action does: a response, a default action, one in Rust, or one on an action server.

mod call;
mod config;
mod http;
mod into_action;
mod outcome;
mod server;

pub use call::{ActionCall, CustomAction};
pub use config::ActionServerConfig;
pub use http::{ActionServerError, HttpActionServer};
pub use into_action::IntoAction;
pub use outcome::{ActionError, ActionOutcome};
pub use server::{ActionRefusal, ActionRequest, ActionServer};

use std::collections::BTreeSet;

use crate::domain::Domain;

/// The default actions of Rasa that this agent has.
const DEFAULT: [&str; 6] = [
    "action_listen",
    "action_session_start",
    "action_restart",
    "action_back",
    "action_default_fallback",
    "action_default_ask_rephrase",
];

/// Those that it lacks.
const UNSUPPORTED: [&str; 6] = [
    "action_deactivate_loop",
    "action_revert_fallback_events",
    "action_default_ask_affirmation",
    "action_two_stage_fallback",
    "action_unlikely_intent",
    "action_extract_slots",
];

/// One of a later version.
const ACTION_SEND_TEXT: &str = "action_send_text";

/// Stands in Rasa's domains for what comes before and after a rule.
const RULE_SNIPPET: &str = "...";

/// Whether something stands for an action's name.
pub(crate) fn is_known(name: &str, domain: &Domain) -> bool {
    domain.actions.contains_key(name) || domain.responses.contains_key(name) || DEFAULT.contains(&name)
}

/// Whether it is a default action that only Rasa has.
pub(crate) fn is_unsupported(name: &str) -> bool {
    UNSUPPORTED.contains(&name) || name == ACTION_SEND_TEXT
}

/// All actions that Rasa's policies choose from, in alphabetical order.
pub(crate) fn names(domain: &Domain) -> BTreeSet<&str> {
    let declared = domain.actions.keys().chain(domain.responses.keys()).map(String::as_str);
    DEFAULT.into_iter().chain(UNSUPPORTED).chain([RULE_SNIPPET]).chain(declared).collect()
}
