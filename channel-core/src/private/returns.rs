//! What a hook's method may return.

use std::sync::Arc;

use axum::{
    Router,
    response::{IntoResponse, Response},
};

use crate::{BoxError, ChannelState, Metadata, OutputChannel, VerifyError};

/// The reply of a webhook method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the answer of a channel's method: it is not a response",
    label = "not a response",
    note = "return `Json<T>`, `String`, `StatusCode`, a tuple such as `(StatusCode, Json<T>)`, a `Result` whose two sides are responses, or `impl IntoResponse`"
)]
pub trait Reply {
    fn into_reply(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<R: IntoResponse> Reply for R {
    fn into_reply(self) -> Response {
        self.into_response()
    }
}

/// The verdict of a `#[verify]` method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the verdict of a `#[verify]` method",
    label = "return `Result<(), VerifyError>`"
)]
pub trait IntoVerdict {
    fn into_verdict(self) -> Result<(), VerifyError>;
}

#[diagnostic::do_not_recommend]
impl IntoVerdict for Result<(), VerifyError> {
    fn into_verdict(self) -> Result<(), VerifyError> {
        self
    }
}

/// The result of a `#[metadata]` method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the result of a `#[metadata]` method",
    label = "return `Option<Metadata>`"
)]
pub trait IntoMetadata {
    fn into_metadata(self) -> Option<Metadata>;
}

#[diagnostic::do_not_recommend]
impl IntoMetadata for Option<Metadata> {
    fn into_metadata(self) -> Option<Metadata> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoMetadata for Metadata {
    fn into_metadata(self) -> Option<Metadata> {
        Some(self)
    }
}

/// An output channel by value.
pub enum Plain {}
/// An output channel in an `Arc`.
pub enum Shared {}
/// An output channel, if there is one.
pub enum Maybe<K> {
    #[doc(hidden)]
    __(std::convert::Infallible, std::marker::PhantomData<K>),
}

/// The result of an `#[output]` method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the result of an `#[output]` method: it is not an output channel",
    label = "not an output channel",
    note = "return a type that implements `OutputChannel`, an `Arc` of one, or an `Option` of these"
)]
pub trait IntoOutput<K> {
    fn into_output(self) -> Option<Arc<dyn OutputChannel>>;
}

#[diagnostic::do_not_recommend]
impl<O: OutputChannel + 'static> IntoOutput<Plain> for O {
    fn into_output(self) -> Option<Arc<dyn OutputChannel>> {
        Some(Arc::new(self))
    }
}

#[diagnostic::do_not_recommend]
impl<O: OutputChannel + 'static> IntoOutput<Shared> for Arc<O> {
    fn into_output(self) -> Option<Arc<dyn OutputChannel>> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoOutput<Shared> for Arc<dyn OutputChannel> {
    fn into_output(self) -> Option<Arc<dyn OutputChannel>> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<K, O: IntoOutput<K>> IntoOutput<Maybe<K>> for Option<O> {
    fn into_output(self) -> Option<Arc<dyn OutputChannel>> {
        self.and_then(O::into_output)
    }
}

/// The result of a `#[routes]` method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the result of a `#[routes]` method",
    label = "return `axum::Router<ChannelState>` or `axum::Router`"
)]
pub trait IntoRoutes {
    fn into_routes(self) -> Router<ChannelState>;
}

#[diagnostic::do_not_recommend]
impl IntoRoutes for Router<ChannelState> {
    fn into_routes(self) -> Router<ChannelState> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoRoutes for Router {
    fn into_routes(self) -> Router<ChannelState> {
        self.with_state(())
    }
}

/// The result of a `#[start]` method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the result of a `#[start]` method",
    label = "return nothing, or a `Result<(), E>` whose `E` is an error"
)]
pub trait IntoOutcome {
    fn into_outcome(self) -> Result<(), BoxError>;
}

#[diagnostic::do_not_recommend]
impl IntoOutcome for () {
    fn into_outcome(self) -> Result<(), BoxError> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> IntoOutcome for Result<(), E> {
    fn into_outcome(self) -> Result<(), BoxError> {
        self.map_err(Into::into)
    }
}
