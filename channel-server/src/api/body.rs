//! Bodies of requests.

use axum::extract::{FromRequest, Request};
use channel_core::{Json, Metadata};
use serde_json::Value;

use super::Failure;

/// A body of JSON.
pub(super) struct Body(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self(Json::from_request(request, state).await?.0))
    }
}

/// A body that is a JSON object.
pub(super) struct Object(Metadata);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Body::from_request(request, state).await?.0 {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Failure::bad_request("the body has to be a JSON object")),
        }
    }
}

impl Object {
    /// The value of a key; `None` also where it is `null`.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Result<Option<&str>, Failure> {
        self.get(key).map(|value| value.as_str().ok_or_else(|| wrong(key, "a text"))).transpose()
    }

    /// The number of a key.
    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, Failure> {
        self.get(key).map(|value| value.as_f64().ok_or_else(|| wrong(key, "a number"))).transpose()
    }

    /// The object of a key.
    pub(super) fn object(&self, key: &str) -> Result<Option<&Metadata>, Failure> {
        self.get(key).map(|value| value.as_object().ok_or_else(|| wrong(key, "an object"))).transpose()
    }

    /// The name that a body has to give.
    pub(super) fn name(&self, of: &str) -> Result<&str, Failure> {
        self.text("name")?.filter(|name| !name.is_empty()).ok_or_else(|| {
            let message = format!("Name of the {of} not provided in request body.");
            Failure::parameter("name", "body", message)
        })
    }
}

fn wrong(key: &str, expected: &str) -> Failure {
    Failure::parameter(key, "body", format!("`{key}` has to be {expected}"))
}
