//! What a platform delivers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use bytes::Bytes;
use serde_json::Value;

/// What somebody said, for the platform to deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The platform's id of the message; no other has it.
    pub id: u64,
    /// Who said it. Each sender has a conversation of their own.
    pub sender: u64,
    /// The words.
    pub text: String,
}

/// A request that the platform makes to the channel.
///
/// # Examples
///
/// ```
/// use channel_testkit::conformance::Delivery;
/// use serde_json::json;
///
/// let delivery = Delivery::post("/webhook").json(json!({ "text": "Hi!" })).header("x-signature", "…");
/// assert_eq!(delivery.body, r#"{"text":"Hi!"}"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The method.
    pub method: Method,
    /// The path below the channel's route, with a query where it has one.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Delivery {
    /// A POST to a path below the channel's route, such as `/webhook`.
    pub fn post(path: impl Into<String>) -> Self {
        Self { method: Method::POST, path: path.into(), headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Sets the body, and its type.
    pub fn json(self, body: impl Into<Value>) -> Self {
        self.header("content-type", "application/json").body(body.into().to_string())
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a header.
    ///
    /// # Panics
    ///
    /// It can't be one.
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header");
        let value = HeaderValue::try_from(value.as_ref()).expect("the value of a header");
        self.headers.insert(name, value);
        self
    }

    /// Whether the body is JSON, by its type.
    pub(crate) fn is_json(&self) -> bool {
        let media_type = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        media_type.is_some_and(|media_type| media_type.contains("json"))
    }

    /// The headers that this one has and the other has not, or has otherwise.
    pub(crate) fn headers_beyond(&self, other: &Self) -> Vec<HeaderName> {
        let names = self.headers.keys().filter(|name| self.headers.get(*name) != other.headers.get(*name));
        names.cloned().collect()
    }
}
