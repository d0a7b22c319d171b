//! Reminders: messages that come from the bot itself, at a time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use channel_core::{Event, EventKind, Metadata, Recipient, Tracker, UserMessage};
use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::{Value, json};

/// What the ids of reminders begin with.
const PREFIX: &str = "reminder ";

/// The message of a reminder, and when it comes; `None` where the event is none, or names no time.
pub(crate) fn reminder_of(
    event: &Event,
    sender_id: &str,
    to: Option<&Recipient>,
) -> Option<(SystemTime, UserMessage)> {
    let EventKind::Reminder { intent, date_time, entities, .. } = &event.kind else { return None };
    let Some(due) = time(date_time) else {
        tracing::error!(intent, date_time, "a reminder is not kept: its `date_time` is no ISO 8601 time");
        return None;
    };
    let metadata = Metadata::from_iter([("is_external".to_owned(), true.into())]);
    let entities = match entities {
        Value::Array(entities) => entities.clone(),
        Value::Object(values) => {
            values.iter().map(|(entity, value)| json!({ "entity": entity, "value": value })).collect()
        }
        _ => Vec::new(),
    };
    let parse_data = Metadata::from_iter([
        ("intent".to_owned(), json!({ "name": intent })),
        ("entities".to_owned(), entities.into()),
    ]);
    let mut message = UserMessage::new(format!("EXTERNAL: {intent}"), sender_id)
        .with_message_id(id(event, sender_id))
        .with_metadata(metadata)
        .with_parse_data(parse_data);
    message.recipient = to.cloned();
    Some((due, message))
}

/// Whether a message is a reminder that means nothing any more: it was taken back or replaced, the conversation began anew,
/// or the user has spoken where that ends it.
pub(super) fn is_void(message: &UserMessage, tracker: &Tracker) -> bool {
    if !message.message_id.starts_with(PREFIX)
        || message.metadata.as_ref().is_none_or(|data| !is_external(data))
    {
        return false;
    }
    let mut later = Vec::new();
    for event in tracker.events().iter().rev() {
        if id(event, &message.sender_id) == message.message_id {
            return later.into_iter().any(|later| ends(event, later));
        }
        later.push(&**event);
    }
    // Nobody knows of it any more.
    true
}

/// Whether a later event puts an end to a reminder.
fn ends(reminder: &Event, later: &Event) -> bool {
    let EventKind::Reminder { intent, entities, name, kill_on_user_msg, .. } = &reminder.kind else {
        return true;
    };
    match &later.kind {
        EventKind::Restart => true,
        EventKind::Reminder { name: other, .. } => name.is_some() && name == other,
        EventKind::CancelReminder { name: by_name, intent: by_intent, entities: by_entities } => {
            by_name.as_ref().is_none_or(|by_name| name.as_ref() == Some(by_name))
                && by_intent.as_ref().is_none_or(|by_intent| intent == by_intent)
                && (by_entities.is_null() || by_entities == entities)
        }
        EventKind::User { .. } => *kill_on_user_msg && !is_external(&later.metadata),
        _ => false,
    }
}

fn is_external(metadata: &Metadata) -> bool {
    metadata.get("is_external") == Some(&Value::Bool(true))
}

/// The same event has the same id, whenever it is looked at; empty for other events.
fn id(event: &Event, sender_id: &str) -> String {
    let EventKind::Reminder { name, intent, .. } = &event.kind else { return String::new() };
    let name = name.as_ref().unwrap_or(intent);
    format!("{PREFIX}{} {name} {sender_id}", event.timestamp)
}

/// A time with an offset, or one of this machine's time zone.
fn time(text: &str) -> Option<SystemTime> {
    let timestamp = text.parse::<Timestamp>().ok().or_else(|| {
        let local: civil::DateTime = text.parse().ok()?;
        TimeZone::system().to_timestamp(local).ok()
    })?;
    let micros = u64::try_from(timestamp.as_microsecond()).ok()?;
    UNIX_EPOCH.checked_add(Duration::from_micros(micros))
}
