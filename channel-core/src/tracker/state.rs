//! A snapshot of a conversation, as Rasa dumps it.

use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::Event;
use crate::message::Metadata;

/// A snapshot of a conversation. Its JSON is Rasa's tracker dump, key by key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackerState {
    /// Whose conversation it is.
    pub sender_id: String,
    /// Every slot's value.
    pub slots: Metadata,
    /// What was understood of what the user said last.
    pub latest_message: Metadata,
    /// When the last event happened, in seconds since 1970.
    pub latest_event_time: Option<f64>,
    /// The action that is to run next.
    pub followup_action: Option<String>,
    /// Whether the bot is silent.
    pub paused: bool,
    /// The events asked for; `None` where none were.
    #[serde(serialize_with = "write_events")]
    pub events: Option<Vec<Arc<Event>>>,
    /// The channel that the user spoke through last.
    pub latest_input_channel: Option<String>,
    /// The loop (the form) that is active.
    #[serde(serialize_with = "write_active_loop")]
    pub active_loop: Option<ActiveLoop>,
    /// The action that ran last.
    pub latest_action: LatestAction,
    /// The name, or the words, of the action that ran last.
    pub latest_action_name: Option<String>,
}

/// A loop (a form) that is active.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActiveLoop {
    /// The loop's name.
    pub name: String,
    /// Whether something else was talked about in between.
    pub is_interrupted: bool,
    /// Whether its action refused to run.
    pub rejected: bool,
    /// What was understood of what the user had said when the loop began.
    pub trigger_message: Metadata,
}

/// The action that ran last: its name, or its words; neither where none has run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LatestAction {
    /// The action's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_name: Option<String>,
    /// What the bot said, where a policy chose words in place of an action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_text: Option<String>,
}

impl LatestAction {
    /// The action's name, or else its words.
    pub fn name(&self) -> Option<&str> {
        self.action_name.as_deref().or(self.action_text.as_deref())
    }
}

#[allow(clippy::ref_option, reason = "serde passes the field by reference")]
fn write_events<S: Serializer>(events: &Option<Vec<Arc<Event>>>, serializer: S) -> Result<S::Ok, S::Error> {
    match events {
        Some(events) => serializer.collect_seq(events.iter().map(Arc::as_ref)),
        None => serializer.serialize_none(),
    }
}

#[allow(clippy::ref_option, reason = "serde passes the field by reference")]
fn write_active_loop<S: Serializer>(active: &Option<ActiveLoop>, serializer: S) -> Result<S::Ok, S::Error> {
    match active {
        Some(active) => active.serialize(serializer),
        None => serializer.serialize_map(Some(0))?.end(),
    }
}
