//! What Rasa is told.

use channel_core::{Metadata, Turn, UserMessage};
use serde::Serialize;
use serde_json::Value;

/// The body of Rasa's `rest` channel.
#[derive(Serialize)]
pub(super) struct Request<'a> {
    sender: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_channel: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub(super) fn of(turn: &Turn<'a>, bare_sender_id: bool) -> Self {
        let message = turn.message();
        let sender_id = &message.sender_id;
        Self {
            // The channel's own name: `input_channel` may be what a caller of `rest` says it is.
            sender: if bare_sender_id {
                sender_id.clone()
            } else {
                format!("{}:{sender_id}", turn.channel())
            },
            message: text(message),
            metadata: message.metadata.as_ref(),
            input_channel: message.input_channel.as_deref(),
        }
    }
}

/// The text; of a message that is understood already, the intent and entities in Rasa's notation.
fn text(message: &UserMessage) -> String {
    let parse_data = message.parse_data.as_ref();
    let intent = parse_data.and_then(|data| data.get("intent")?.get("name")?.as_str());
    let Some(intent) = intent else { return said(message) };
    let found = parse_data.and_then(|data| data.get("entities")?.as_array());
    let entities = values(found.map_or(&[], Vec::as_slice));
    if entities.is_empty() { format!("/{intent}") } else { format!("/{intent}{}", Value::Object(entities)) }
}

/// Rasa takes every text that begins with `/` for a payload. With an invisible word joiner before it, it is what somebody typed.
fn said(UserMessage { text, is_payload, .. }: &UserMessage) -> String {
    if text.starts_with('/') && !is_payload { format!("\u{2060}{text}") } else { text.clone() }
}

/// The values of entities by their names; several of one name are a list.
fn values(entities: &[Value]) -> Metadata {
    let mut values = Metadata::new();
    for entity in entities {
        let (Some(name), Some(value)) = (entity["entity"].as_str(), entity.get("value")) else { continue };
        match values.get_mut(name) {
            None => _ = values.insert(name.to_owned(), value.clone()),
            Some(Value::Array(several)) => several.push(value.clone()),
            Some(one) => *one = Value::Array(vec![one.take(), value.clone()]),
        }
    }
    values
}
