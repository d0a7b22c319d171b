//! The JSON that goes back when a request can't be served.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Why a request was refused: a status and a JSON body that says what to mend.
///
/// The body has the keys of Rasa's server (`status`, `description`, `message`) and besides the `field` that is at
/// fault, where one is, and the `request_id`, under which the server logs.
///
/// # Examples
///
/// ```
/// use channel_core::{Problem, axum::http::StatusCode};
///
/// let problem = Problem::new(StatusCode::BAD_REQUEST, "`sender` is missing").with_field("sender");
/// assert_eq!(
///     problem.to_json(Some("7f3a")),
///     r#"{"status":400,"description":"Bad Request","message":"`sender` is missing","field":"sender","request_id":"7f3a"}"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    message: Cow<'static, str>,
    field: Option<String>,
    retry_after: Option<u64>,
}

#[derive(Serialize)]
struct Body<'a> {
    status: u16,
    description: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl Problem {
    /// A refusal with this status; the message goes to the caller.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into(), field: None, retry_after: None }
    }

    /// A 400 with this message.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Names the field that is at fault.
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says after how many seconds to try again.
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The body as JSON, with the id of the request where there is one.
    pub fn to_json(&self, request_id: Option<&str>) -> String {
        let body = Body {
            status: self.status.as_u16(),
            description: self.status.canonical_reason().unwrap_or_default(),
            message: &self.message,
            field: self.field.as_deref(),
            request_id,
        };
        // Strings and a number: writing them as JSON cannot fail.
        serde_json::to_string(&body).unwrap_or_default()
    }
}

impl IntoResponse for Problem {
    /// The response carries the problem as an extension too, so that the server can add the id of the request.
    fn into_response(self) -> Response {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut response = (self.status, [json], self.to_json(None)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
