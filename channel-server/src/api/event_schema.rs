//! What an event from outside has to look like: Rasa's schema of events.

use channel_core::Event;
use serde_json::{Value, json};

use super::Failure;

const HELP: &str = "https://rasa.com/docs/rasa/pages/http-api";

/// The types that Rasa takes.
const TYPES: [&str; 23] = [
    "user",
    "bot",
    "action",
    "slot",
    "entities",
    "user_featurization",
    "session_started",
    "restart",
    "rewind",
    "undo",
    "reset_slots",
    "pause",
    "resume",
    "followup",
    "active_loop",
    "loop_interrupted",
    "action_execution_rejected",
    "reminder",
    "cancel_reminder",
    "export",
    "agent",
    "form",
    "form_validation",
];

/// An event of a request.
///
/// # Errors
///
/// It has not the shape of one; the message says which of them it is, and what is wrong with it.
pub(super) fn read(index: usize, event: Value) -> Result<Event, Failure> {
    check(&event)
        .and_then(|()| serde_json::from_value(event).map_err(|error| error.to_string()))
        .map_err(|reason| refused(index, &reason))
}

fn refused(index: usize, reason: &str) -> Failure {
    let message = format!(
        "Failed to validate the events format. For more information about the format visit the docs. Error: event {index} (counted from 0): {reason}"
    );
    Failure::parameter("", "body", message)
        .with_details(json!({ "in": "body", "event": index, "types": TYPES }))
        .with_help(HELP)
}

fn check(event: &Value) -> Result<(), String> {
    let fields = event.as_object().ok_or("it is not an object")?;
    let name = fields.get("event").ok_or("`event` is missing: the event's type")?;
    let name = name
        .as_str()
        .filter(|name| TYPES.contains(name))
        .ok_or_else(|| format!("{name} is not the type of an event; use one of {}", TYPES.join(", ")))?;
    let one_of = |key: &str, expected: &str, is: fn(&Value) -> bool| match fields.get(key) {
        Some(value) if !is(value) => Err(format!("`{key}` has to be {expected}")),
        _ => Ok(()),
    };
    one_of("timestamp", "a number of seconds since 1970, or null", |value| {
        value.is_number() || value.is_null()
    })?;
    one_of("metadata", "an object or null", |value| value.is_object() || value.is_null())?;
    match name {
        "slot" if !fields.contains_key("value") => Err("`value` is missing: the slot's value".to_owned()),
        "entities" => check_entities(event.get("entities")),
        "user" => check_parse_data(event.get("parse_data")),
        _ => Ok(()),
    }
}

fn check_parse_data(parse_data: Option<&Value>) -> Result<(), String> {
    let Some(parse_data) = parse_data else { return Ok(()) };
    let fields = parse_data.as_object().ok_or("`parse_data` has to be an object")?;
    if let Some(intent) = fields.get("intent") {
        let intent = intent.as_object().ok_or("`parse_data.intent` has to be an object")?;
        if intent.get("name").is_some_and(|name| !name.is_string()) {
            return Err("`parse_data.intent.name` has to be a text".to_owned());
        }
        if intent.get("confidence").is_some_and(|confidence| !confidence.is_number()) {
            return Err("`parse_data.intent.confidence` has to be a number".to_owned());
        }
    }
    fields.get("entities").map_or(Ok(()), |entities| check_entities(Some(entities)))
}

fn check_entities(entities: Option<&Value>) -> Result<(), String> {
    let entities = entities.and_then(Value::as_array).ok_or("`entities` has to be a list")?;
    let is_entity = |entity: &Value| entity["entity"].is_string() && entity.get("value").is_some();
    if entities.iter().all(is_entity) {
        return Ok(());
    }
    Err("an entity has to be an object with the text `entity` and a `value`".to_owned())
}
