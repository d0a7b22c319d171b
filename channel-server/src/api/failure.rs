//! The JSON that goes back when a request can't be served, in Rasa's shape.

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use channel_core::{Problem, TurnError};
use channel_engine::{Causes, StoreError};
use serde_json::{Map, Value, json};

/// Why a request was refused. Its JSON is Rasa's, and has the request's id besides.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    status: StatusCode,
    body: Map<String, Value>,
    retry_after: Option<HeaderValue>,
}

impl Failure {
    /// A refusal: its reason for programs, its message for people.
    pub(super) fn new(status: StatusCode, reason: &str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        let body = [
            ("version", json!(env!("CARGO_PKG_VERSION"))),
            ("status", json!("failure")),
            ("message", json!(message)),
            ("reason", json!(reason)),
            ("details", json!({})),
            ("help", Value::Null),
            ("code", json!(status.as_u16())),
        ];
        Self::of(status, body)
    }

    /// A refusal as the library that checks Rasa's JWTs words it.
    pub(super) fn of_jwt(status: StatusCode, exception: &str, reason: &str) -> Self {
        Self::of(status, [("reasons", json!([reason])), ("exception", json!(exception))])
    }

    fn of<const N: usize>(status: StatusCode, body: [(&str, Value); N]) -> Self {
        let body = body.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
        Self { status, body, retry_after: None }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// A 400 because of a parameter of the `query`, or of the `body`.
    pub(super) fn parameter(name: &str, place: &str, message: impl Into<String>) -> Self {
        Self::bad_request(message).with_details(json!({ "parameter": name, "in": place }))
    }

    pub(super) fn no_conversation() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", "Conversation ID not found.")
    }

    pub(super) fn no_dialogue() -> Self {
        let message = "the agent has no domain: it answers messages, and can't be asked for anything else";
        Self::new(StatusCode::CONFLICT, "Conflict", message)
    }

    pub(super) fn with_details(self, details: Value) -> Self {
        self.with("details", details)
    }

    pub(super) fn with_help(self, address: &str) -> Self {
        self.with("help", address.into())
    }

    pub(super) fn with(mut self, key: &str, value: Value) -> Self {
        self.body.insert(key.to_owned(), value);
        self
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        TurnError::Failed(error.into()).into()
    }
}

impl From<TurnError> for Failure {
    fn from(error: TurnError) -> Self {
        match &error {
            TurnError::Failed(cause) => {
                tracing::error!(error = %Causes(&**cause), "a request to the API failed");
            }
            error => tracing::warn!(%error, "a request to the API was turned away"),
        }
        Problem::from(error).into()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let message = problem.message().to_owned();
        let response = problem.into_response();
        Self {
            retry_after: response.headers().get(header::RETRY_AFTER).cloned(),
            ..Self::new(response.status(), reason_of(response.status()), message)
        }
    }
}

fn reason_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::INTERNAL_SERVER_ERROR => "ConversationError",
        StatusCode::SERVICE_UNAVAILABLE => "ServiceUnavailable",
        StatusCode::PAYLOAD_TOO_LARGE => "PayloadTooLarge",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "UnsupportedMediaType",
        StatusCode::REQUEST_TIMEOUT => "RequestTimeout",
        _ => "BadRequest",
    }
}

impl IntoResponse for Failure {
    /// The response carries the failure as an extension too, so that [`identify`] can add the id of the request.
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self.body)).into_response();
        if let Some(seconds) = &self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Puts the id of the request into a refusal.
pub(super) async fn identify(request: Request, next: Next) -> Response {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    let (Some(id), Some(failure)) = (id, response.extensions_mut().remove::<Failure>()) else {
        return response;
    };
    let message = failure.body.get("message").and_then(serde_json::Value::as_str);
    tracing::debug!(request_id = id, status = failure.status.as_u16(), message, "refused");
    failure.with("request_id", id.into()).into_response()
}
