//! The arguments of a call, and why it is refused.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::fake::Answer;

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    description: String,
    parameters: Option<Value>,
    retry_after: Option<u64>,
}

/// A call that makes no sense.
pub(super) fn bad(why: &str) -> Refusal {
    Refusal::new(400, format!("Bad Request: {why}"))
}

impl Refusal {
    pub(super) fn new(status: u16, description: impl Into<String>) -> Self {
        Self { status, description: description.into(), parameters: None, retry_after: None }
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        let refusal = Self::new(429, format!("Too Many Requests: retry after {seconds}"));
        Self { retry_after: Some(seconds), ..refusal.with(json!({ "retry_after": seconds })) }
    }

    pub(super) fn with(self, parameters: Value) -> Self {
        Self { parameters: Some(parameters), ..self }
    }

    pub(super) fn into_answer(self) -> Answer {
        let mut body = json!({ "ok": false, "error_code": self.status, "description": self.description });
        if let Some(parameters) = self.parameters {
            body["parameters"] = parameters;
        }
        Answer { retry_after: self.retry_after, ..Answer::new(self.status, body) }
    }
}

/// The arguments of a call. In forms and queries everything is text.
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    pub(super) fn new(arguments: Map<String, Value>) -> Self {
        Self(arguments)
    }

    /// What a log shows: no secret.
    pub(super) fn logged(&self) -> Value {
        let mut logged = self.0.clone();
        logged.remove("secret_token");
        logged.into()
    }

    pub(super) fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        match self.0.get(key)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    pub(super) fn int(&self, key: &str) -> Option<i64> {
        self.text(key)?.parse().ok()
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?.parse().ok()
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.0
            .get(key)
            .is_some_and(|value| *value == true || matches!(value.as_str(), Some("true" | "True" | "1")))
    }

    /// JSON, which is text in a form; `None` where it is not there.
    pub(super) fn json(&self, key: &str) -> Result<Option<Value>, Refusal> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| bad(&format!("can't parse {key} JSON object"))),
            Some(json) => Ok(Some(json.clone())),
        }
    }
}
