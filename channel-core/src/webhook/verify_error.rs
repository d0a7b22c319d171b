//! Why a request is not believed.

use std::borrow::Cow;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::Problem;

/// Why a request is not believed. The reason is logged; the caller only gets a 401.
///
/// # Examples
///
/// ```
/// use channel_core::{VerifyError, WebhookRequest};
///
/// fn verify(request: &WebhookRequest) -> Result<(), VerifyError> {
///     request.header("x-signature").ok_or(VerifyError::new("no `x-signature` header"))?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct VerifyError {
    reason: Cow<'static, str>,
}

impl VerifyError {
    /// The reason, for the log. It must not contain a secret.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: reason.into() }
    }
}

impl IntoResponse for VerifyError {
    fn into_response(self) -> Response {
        Problem::new(StatusCode::UNAUTHORIZED, "the request could not be verified").into_response()
    }
}
