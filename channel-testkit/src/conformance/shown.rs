//! What a human sees of a reply.

use axum::http::{HeaderMap, Method, Uri};
use bytes::Bytes;
use serde_json::Value;

/// A call to the platform.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The address, without the host.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Call {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text; what is not UTF-8 in it is `�`.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What a human sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Words.
    Text(String),
    /// Words, and below them what can be pressed: titles, and what pressing sends.
    Buttons(String, Vec<(String, String)>),
    /// An image, by its address.
    Image(String),
    /// A file, by its address.
    File(String),
    /// A card: all its words, addresses and payloads.
    Card(String),
}

impl Shown {
    /// What replies in the shape of Rasa's `rest` show: one object, or a list of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use channel_testkit::conformance::Shown;
    /// use serde_json::json;
    ///
    /// let replies = json!([{ "recipient_id": "ada", "text": "Hi!" }, { "recipient_id": "ada", "image": "https://example.com/cat.png" }]);
    /// let shown = [Shown::Text("Hi!".to_owned()), Shown::Image("https://example.com/cat.png".to_owned())];
    /// assert_eq!(Shown::collected(&replies), shown);
    /// ```
    pub fn collected(replies: &Value) -> Vec<Self> {
        match replies {
            Value::Array(all) => all.iter().flat_map(Self::collected).collect(),
            one => Self::of_collected(one),
        }
    }

    fn of_collected(reply: &Value) -> Vec<Self> {
        let text_at = |value: &Value, key: &str| value.get(key).map(words);
        let text = text_at(reply, "text");
        let buttons = reply.get("buttons").and_then(Value::as_array).filter(|buttons| !buttons.is_empty());
        let said = match buttons {
            Some(buttons) => {
                let part = |button: &Value, key| text_at(button, key).unwrap_or_default();
                let buttons =
                    buttons.iter().map(|button| (part(button, "title"), part(button, "payload"))).collect();
                Some(Self::Buttons(text.unwrap_or_default(), buttons))
            }
            None => text.map(Self::Text),
        };
        let custom = text_at(reply, "custom").map(Self::Text);
        let image = text_at(reply, "image").map(Self::Image);
        let file = text_at(reply, "attachment").map(Self::File);
        [said, custom, image, file].into_iter().flatten().collect()
    }

    /// All that can be read of it, without white space, which platforms and splitting change.
    pub(crate) fn essence(&self) -> String {
        let all = match self {
            Self::Text(text) | Self::Image(text) | Self::File(text) | Self::Card(text) => text.clone(),
            Self::Buttons(text, buttons) => {
                buttons.iter().fold(text.clone(), |all, (title, payload)| format!("{all} {title} {payload}"))
            }
        };
        essence(&all)
    }
}

/// A text without white space.
pub(crate) fn essence(text: &str) -> String {
    text.split_whitespace().collect()
}

fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
