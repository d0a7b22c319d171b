//! One event of a conversation, and how the common ones are made.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::EventKind;
use crate::message::{BotMessage, Metadata, UserMessage};

/// One event of a conversation. Its JSON is Rasa's.
///
/// # Examples
///
/// ```
/// use channel_core::{Event, EventKind};
///
/// let event: Event = serde_json::from_str(r#"{"event": "slot", "timestamp": 1.5, "name": "city", "value": "Rome"}"#)?;
/// assert_eq!(event.timestamp, 1.5);
/// assert_eq!(event.kind, EventKind::Slot { name: "city".to_owned(), value: "Rome".into() });
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it happened, in seconds since 1970.
    pub timestamp: f64,
    /// What else is known of it.
    pub metadata: Metadata,
    /// What happened.
    pub kind: EventKind,
}

impl Event {
    /// An event that happens now.
    pub fn new(kind: EventKind) -> Self {
        Self { timestamp: now(), metadata: Metadata::new(), kind }
    }

    /// The user said something, of which `parse_data` was understood (`intent`, `entities`, …); it may be empty.
    pub fn user(message: &UserMessage, parse_data: Metadata) -> Self {
        let metadata = message.metadata.clone().unwrap_or_default();
        let kind = EventKind::User {
            text: Some(message.text.clone()),
            parse_data,
            input_channel: message.input_channel.clone(),
            message_id: Some(message.message_id.clone()),
        };
        Self { metadata, ..Self::new(kind) }.with_whole_parse_data()
    }

    /// The bot said something.
    pub fn bot(message: &BotMessage) -> Self {
        let kind = EventKind::Bot { text: message.text.clone(), data: bot_data(message) };
        Self { metadata: message.metadata.clone(), ..Self::new(kind) }
    }

    /// An action ran.
    pub fn action(name: impl Into<String>) -> Self {
        Self::new(EventKind::Action {
            name: Some(name.into()),
            policy: None,
            confidence: None,
            action_text: None,
            hide_rule_turn: false,
        })
    }

    /// A slot got a value.
    pub fn slot(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::new(EventKind::Slot { name: name.into(), value: value.into() })
    }

    /// A session began.
    pub fn session_started() -> Self {
        Self::new(EventKind::SessionStarted)
    }

    /// The conversation begins anew: nothing before this counts.
    pub fn restart() -> Self {
        Self::new(EventKind::Restart)
    }

    /// Completes a user event's parse data with what the event itself says.
    pub(super) fn with_whole_parse_data(mut self) -> Self {
        match &mut self.kind {
            EventKind::User { text, parse_data, message_id, .. } if !is_whole(parse_data) => {
                let mut whole = parse_data_of(text.as_deref(), message_id.as_deref(), &self.metadata);
                whole.append(parse_data);
                *parse_data = whole;
            }
            _ => {}
        }
        self
    }
}

/// Whether the keys that are always there are there, and come first.
fn is_whole(parse_data: &Metadata) -> bool {
    let first = parse_data.keys().take(5);
    first.eq(["intent", "entities", "text", "message_id", "metadata"])
}

/// What is understood of a message that nobody parsed.
pub(super) fn parse_data_of(text: Option<&str>, message_id: Option<&str>, metadata: &Metadata) -> Metadata {
    object([
        ("intent", json!({})),
        ("entities", json!([])),
        ("text", json!(text)),
        ("message_id", json!(message_id)),
        ("metadata", json!(metadata)),
    ])
}

/// The entities of a message's parse data.
pub(super) fn entities_in(parse_data: &Metadata) -> &[Value] {
    parse_data.get("entities").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Seconds since 1970.
pub(super) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// Rasa repeats an image as the attachment, for clients of old that look for it there.
fn bot_data(message: &BotMessage) -> Metadata {
    object([
        ("elements", list_or_null(&message.elements)),
        ("quick_replies", list_or_null(&message.quick_replies)),
        ("buttons", list_or_null(&message.buttons)),
        ("attachment", message.attachment.clone().unwrap_or_else(|| json!(message.image))),
        ("image", json!(message.image)),
        ("custom", json!(message.custom)),
    ])
}

fn list_or_null<T: serde::Serialize>(items: &[T]) -> Value {
    if items.is_empty() { Value::Null } else { json!(items) }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Metadata {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
