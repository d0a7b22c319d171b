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
    let value = json.get_mut(key).map(Value::take).unwrap_or_default();
    serde_json::from_value(value).map_err(|error| E::custom(format_args!("`{key}`: {error}")))
}

fn read_kind(mut json: Metadata) -> serde_json::Result<EventKind> {
    match json.get("event").and_then(Value::as_str) {
        Some(event) if !KNOWN.contains(&event) => {
            let event = event.to_owned();
            json.retain(|key, _| !["event", "timestamp", "metadata"].contains(&key.as_str()));
            Ok(EventKind::Other { event, fields: json })
        }
        _ => match read_common(&mut json) {
            Some(kind) => Ok(kind),
            None => serde_json::from_value(Value::Object(json)),
        },
    }
}

/// An event of a kind that conversations are made of, its values moved instead of read once more: a conversation that is
/// loaded has thousands of them. `None`, and nothing moved, for any other, and where something is not as it should be.
fn read_common(json: &mut Metadata) -> Option<EventKind> {
    let all = |keys: &[&str], fits: fn(&Value) -> bool| {
        keys.iter().all(|key| json.get(*key).is_none_or(|value| value.is_null() || fits(value)))
    };
    match json.get("event")?.as_str()? {
        "user"
            if all(&["text", "input_channel", "message_id"], Value::is_string)
                && all(&["parse_data"], Value::is_object) =>
        {
            Some(EventKind::User {
                text: text(json, "text"),
                parse_data: object(json, "parse_data"),
                input_channel: text(json, "input_channel"),
                message_id: text(json, "message_id"),
            })
        }
        "bot" if all(&["text"], Value::is_string) && all(&["data"], Value::is_object) => {
            Some(EventKind::Bot { text: text(json, "text"), data: object(json, "data") })
        }
        "action"
            if all(&["name", "policy", "action_text"], Value::is_string)
                && all(&["confidence"], Value::is_number)
                && json.get("hide_rule_turn").is_none_or(Value::is_boolean) =>
        {
            Some(EventKind::Action {
                name: text(json, "name"),
                policy: text(json, "policy"),
                confidence: json.get("confidence").and_then(Value::as_f64),
                action_text: text(json, "action_text"),
                hide_rule_turn: json.get("hide_rule_turn").and_then(Value::as_bool).unwrap_or_default(),
            })
        }
        "slot" if json.get("name").is_some_and(Value::is_string) => Some(EventKind::Slot {
            name: text(json, "name")?,
            value: json.get_mut("value").map(Value::take).unwrap_or_default(),
        }),
        _ => None,
    }
}

fn text(json: &mut Metadata, key: &str) -> Option<String> {
    match json.get_mut(key).map(Value::take) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn object(json: &mut Metadata, key: &str) -> Metadata {
    match json.get_mut(key).map(Value::take) {
        Some(Value::Object(object)) => object,
        _ => Metadata::new(),
    }
}
