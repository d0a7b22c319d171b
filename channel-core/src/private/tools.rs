//! What a hook's hidden function does with its method's future and with what it returned.

use std::sync::Arc;

use axum::{Router, response::Response};

use super::returns::{IntoMetadata, IntoOutcome, IntoOutput, IntoRoutes, IntoVerdict, Reply};
use crate::{BoxError, BoxFuture, ChannelState, Metadata, OutputChannel, VerifyError};

/// Functions that a hidden function reaches without a path. What a method returned is checked here, so that a wrong type
/// is one error at that type.
#[derive(Clone, Copy)]
pub struct Tools;

#[allow(clippy::unused_self)]
impl Tools {
    /// The one place that asks a method's future to be `Send`.
    pub fn boxed<'a, F: Future + Send + 'a>(self, future: F) -> BoxFuture<'a, F::Output> {
        Box::pin(future)
    }

    pub fn reply<R: Reply>(self, returned: R) -> Response {
        returned.into_reply()
    }

    pub fn verdict<R: IntoVerdict>(self, returned: R) -> Result<(), VerifyError> {
        returned.into_verdict()
    }

    pub fn to_metadata<R: IntoMetadata>(self, returned: R) -> Option<Metadata> {
        returned.into_metadata()
    }

    pub fn to_output<R: IntoOutput<K>, K>(self, returned: R) -> Option<Arc<dyn OutputChannel>> {
        returned.into_output()
    }

    pub fn to_routes<R: IntoRoutes>(self, returned: R) -> Router<ChannelState> {
        returned.into_routes()
    }

    pub fn outcome<R: IntoOutcome>(self, returned: R) -> Result<(), BoxError> {
        returned.into_outcome()
    }
}
