//! What a caller of `rest` and `callback` posts.

use std::fmt;

use channel_core::{Metadata, Problem, UserMessage};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// What a caller posts: a JSON object. Keys that are not named here are ignored.
pub(crate) struct Incoming(Keys);

#[derive(Deserialize)]
struct Keys {
    sender: Option<Sender>,
    message: Option<String>,
    text: Option<String>,
    metadata: Option<Metadata>,
    input_channel: Option<String>,
}

/// An id in text, or a whole number, which many systems have for ids.
struct Sender(String);

impl Incoming {
    /// The message. One without a sender is from the default one, or refused with this remedy.
    pub(crate) fn into_user_message(
        self,
        default_sender: Option<&str>,
        remedy: &str,
    ) -> Result<UserMessage, Problem> {
        let Keys { sender, message, text, metadata, input_channel } = self.0;
        let sender = sender.map(|sender| sender.0).filter(|sender| !sender.is_empty());
        let sender = sender.or_else(|| default_sender.map(str::to_owned)).ok_or_else(|| no_sender(remedy))?;
        let text = message.or(text).ok_or_else(no_message)?;
        let message = UserMessage::new(text, sender).with_metadata(metadata);
        Ok(match input_channel.filter(|name| !name.is_empty()) {
            Some(name) => message.with_input_channel(name),
            None => message,
        })
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

impl<'de> Deserialize<'de> for Sender {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = Sender;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Sender, E> {
                Ok(Sender(text.to_owned()))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Sender, E> {
                Ok(Sender(text))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Sender, E> {
                Ok(Sender(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Sender, E> {
                Ok(Sender(number.to_string()))
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}
