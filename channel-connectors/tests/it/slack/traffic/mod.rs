//! What workspaces of every kind and age deliver, and the message that it is.

#![allow(
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "tables of deliveries"
)]

mod actions;
mod events;

use channel_core::UserMessage;
use serde_json::{Map, Value, json};

/// What is said: its text, whether it is a payload, and what of its metadata.
type Expected = Option<(&'static str, bool, Value)>;

const NOTHING: Expected = None;

fn typed(text: &'static str) -> Expected {
    Some((text, false, json!({})))
}

fn typed_with(text: &'static str, metadata: Value) -> Expected {
    Some((text, false, metadata))
}

fn payload(text: &'static str, metadata: Value) -> Expected {
    Some((text, true, metadata))
}

/// These keys over those.
fn with(mut base: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("keys") };
    base.as_object_mut().expect("keys").extend(more);
    base
}

fn check(name: &str, messages: &[UserMessage], expected: &Expected) {
    let Some((text, is_payload, metadata)) = expected else {
        return assert!(messages.is_empty(), "{name}: {messages:?}");
    };
    let [message] = messages else { panic!("{name}: {messages:?}") };
    assert_eq!((message.text.as_str(), message.is_payload), (*text, *is_payload), "{name}");
    assert_eq!(message.sender_id, "U0IDA", "{name}");
    let known: &Map<String, Value> = message.metadata.as_ref().expect(name);
    for (key, value) in metadata.as_object().expect("keys") {
        assert_eq!(known.get(key), Some(value), "{name}: {key}");
    }
}
