//! What a caller of `rest` and `callback` posts.

use std::fmt;

use channel_core::{Metadata, Problem, UserMessage, axum::http::HeaderMap};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// The id of the message (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What a caller posts: a JSON object. Keys that are not named here are ignored.
pub(crate) struct Incoming(Keys);

#[derive(Deserialize)]
struct Keys {
    sender: Option<Id>,
    message_id: Option<Id>,
    message: Option<String>,
    text: Option<String>,
    metadata: Option<Metadata>,
    input_channel: Option<String>,
}

/// An id in text, or a whole number, which many systems have for ids.
struct Id(String);

impl Incoming {
    /// The message. One without a sender is from the default one, or refused with this remedy.
    pub(crate) fn into_user_message(
        self,
        headers: &HeaderMap,
        default_sender: Option<&str>,
        remedy: &str,
    ) -> Result<UserMessage, Problem> {
        let Keys { sender, message_id, message, text, metadata, input_channel } = self.0;
        let sender = sender.map(|sender| sender.0).filter(|sender| !sender.is_empty());
        let sender = sender.or_else(|| default_sender.map(str::to_owned)).ok_or_else(|| no_sender(remedy))?;
        let text = message.or(text).ok_or_else(no_message)?;
        let message_id = id_of(&sender, headers, message_id)?;
        let mut message = UserMessage::payload(text, sender).with_metadata(metadata);
        if let Some(id) = message_id {
            message = message.with_message_id(id);
        }
        Ok(match input_channel.filter(|name| !name.is_empty()) {
            Some(name) => message.with_input_channel(name),
            None => message,
        })
    }
}

/// The id under which a message is known when it comes again. It is the sender's own: nobody gets somebody's replies by
/// naming the id of somebody's message.
fn id_of(sender: &str, headers: &HeaderMap, said: Option<Id>) -> Result<Option<String>, Problem> {
    let header = headers.get(IDEMPOTENCY_KEY).map(|value| {
        let text = value.to_str().map_err(|_| {
            Problem::bad_request("`Idempotency-Key` is not ASCII: it is the id of the message")
        })?;
        // The draft wants it in quotes, which most leave out.
        Ok::<_, Problem>(text.trim().trim_matches('"').to_owned())
    });
    let header = header.transpose()?.filter(|id| !id.is_empty());
    let said = said.map(|id| id.0).filter(|id| !id.is_empty());
    match (header, said) {
        (Some(header), Some(said)) if header != said => Err(Problem::bad_request(
            "`Idempotency-Key` and `message_id` are two ids for one message; send one of them",
        )
        .with_field("message_id")),
        (header, said) => Ok(header.or(said).map(|id| format!("{sender}/{id}"))),
    }
}

fn no_sender(remedy: &str) -> Problem {
    Problem::bad_request(format!("`sender` is missing: it names the conversation. {remedy}"))
        .with_field("sender")
}

fn no_message() -> Problem {
    Problem::bad_request("`message` is missing or null: it is the text of the message").with_field("message")
}

/// A derived `Deserialize` would take a list too, its entries for the keys in their order.
impl<'de> Deserialize<'de> for Incoming {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Incoming;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object with `sender` and `message`")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Incoming, A::Error> {
                Keys::deserialize(MapAccessDeserializer::new(map)).map(Incoming)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Id, E> {
                Ok(Id(text))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}
