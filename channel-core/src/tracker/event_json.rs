//! Rasa's JSON of events. Keys are written in Rasa's order.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};
use serde_json::Value;

use super::{Event, EventKind, event::now};
use crate::message::Metadata;

/// The types that [`EventKind`] reads; any other is kept as [`EventKind::Other`].
const KNOWN: [&str; 21] = [
    "user",
    "bot",
    "action",
    "slot",
    "session_started",
    "restart",
    "rewind",
    "undo",
    "reset_slots",
    "pause",
    "resume",
    "export",
    "followup",
    "reminder",
    "cancel_reminder",
    "active_loop",
    "loop_interrupted",
    "action_execution_rejected",
    "entities",
    "user_featurization",
    "agent",
];

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_map(None)?;
        json.serialize_entry("event", self.kind.name())?;
        json.serialize_entry("timestamp", &self.timestamp)?;
        if !self.metadata.is_empty() {
            json.serialize_entry("metadata", &self.metadata)?;
        }
        write_fields(&self.kind, &mut json)?;
        if self.metadata.is_empty() && matches!(self.kind, EventKind::User { .. } | EventKind::Bot { .. }) {
            json.serialize_entry("metadata", &self.metadata)?;
        }
        json.end()
    }
}

fn write_fields<M: SerializeMap>(kind: &EventKind, json: &mut M) -> Result<(), M::Error> {
    match kind {
        EventKind::User { text, parse_data, input_channel, message_id } => {
            json.serialize_entry("text", text)?;
            json.serialize_entry("parse_data", parse_data)?;
            json.serialize_entry("input_channel", input_channel)?;
            json.serialize_entry("message_id", message_id)
        }
        EventKind::Bot { text, data } => {
            json.serialize_entry("text", text)?;
            json.serialize_entry("data", data)
        }
        EventKind::Action { name, policy, confidence, action_text, hide_rule_turn } => {
            json.serialize_entry("name", name)?;
            json.serialize_entry("policy", policy)?;
            json.serialize_entry("confidence", confidence)?;
            json.serialize_entry("action_text", action_text)?;
            json.serialize_entry("hide_rule_turn", hide_rule_turn)
        }
        EventKind::Slot { name, value } => {
            json.serialize_entry("name", name)?;
            json.serialize_entry("value", value)
        }
        EventKind::Followup { name } => json.serialize_entry("name", name),
        EventKind::ActiveLoop { name } => json.serialize_entry("name", name),
        EventKind::Reminder { intent, date_time, entities, name, kill_on_user_msg } => {
            json.serialize_entry("intent", intent)?;
            json.serialize_entry("date_time", date_time)?;
            json.serialize_entry("entities", entities)?;
            json.serialize_entry("name", name)?;
            json.serialize_entry("kill_on_user_msg", kill_on_user_msg)
        }
        EventKind::CancelReminder { name, intent, entities } => {
            write_if_given(json, "name", name.as_ref())?;
            write_if_given(json, "intent", intent.as_ref())?;
            write_if_given(json, "entities", Some(entities).filter(|entities| !entities.is_null()))
        }
        EventKind::LoopInterrupted { is_interrupted } => {
            json.serialize_entry("is_interrupted", is_interrupted)
        }
        EventKind::ActionExecutionRejected { name, policy, confidence } => {
            json.serialize_entry("name", name)?;
            json.serialize_entry("policy", policy)?;
            json.serialize_entry("confidence", confidence)
        }
        EventKind::Entities { entities } => json.serialize_entry("entities", entities),
        EventKind::UserFeaturization { use_text_for_featurization } => {
            json.serialize_entry("use_text_for_featurization", use_text_for_featurization)
        }
        EventKind::Agent { text, data } => {
            json.serialize_entry("text", text)?;
            json.serialize_entry("data", data)
        }
        EventKind::Other { fields, .. } => {
            fields.iter().try_for_each(|(key, value)| json.serialize_entry(key, value))
        }
        EventKind::SessionStarted
        | EventKind::Restart
        | EventKind::Rewind
        | EventKind::Undo
        | EventKind::ResetSlots
        | EventKind::Pause
        | EventKind::Resume
        | EventKind::Export => Ok(()),
    }
}

/// Rasa loses what a `cancel_reminder` event says. Here it is written where there is something to say.
fn write_if_given<M: SerializeMap, T: Serialize>(
    json: &mut M,
    key: &str,
    value: Option<&T>,
) -> Result<(), M::Error> {
    value.into_iter().try_for_each(|value| json.serialize_entry(key, value))
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Metadata::deserialize(deserializer)?;
        let timestamp = read(&mut json, "timestamp")?.filter(|time| *time != 0.0).unwrap_or_else(now);
        let metadata = read(&mut json, "metadata")?.unwrap_or_default();
        let kind = read_kind(json).map_err(D::Error::custom)?;
        Ok(Self { timestamp, metadata, kind }.with_whole_parse_data())
    }
}

/// Takes a common key out of the event; `null` is the same as its absence.
fn read<T: for<'a> Deserialize<'a>, E: Error>(json: &mut Metadata, key: &str) -> Result<Option<T>, E> {
    let value = json.shift_remove(key).unwrap_or_default();
    serde_json::from_value(value).map_err(|error| E::custom(format_args!("`{key}`: {error}")))
}

fn read_kind(mut json: Metadata) -> serde_json::Result<EventKind> {
    match json.get("event").and_then(Value::as_str) {
        Some(event) if !KNOWN.contains(&event) => {
            let event = event.to_owned();
            json.shift_remove("event");
            Ok(EventKind::Other { event, fields: json })
        }
        _ => serde_json::from_value(Value::Object(json)),
    }
}
