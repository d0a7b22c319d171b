//! The glue of a type that can't be a channel: every hook compiles against it, so that the refusal stays the only
//! error. It never runs, since the crate does not compile.

use std::{marker::PhantomData, sync::Arc};

use axum::response::Response;

use super::glue::Hook;
use crate::{
    BoxError, BoxFuture, ChannelState, Metadata, OutputChannel, Recipient, VerifyError, WebhookRequest,
};

/// Stands in for `Glue`.
#[derive(Clone, Copy)]
pub struct Refused;

/// Stands in for a request, and for a start.
pub struct RefusedCall;

#[allow(clippy::unused_self, clippy::unused_async, clippy::needless_pass_by_value)]
impl RefusedCall {
    pub fn channel<C: ?Sized>(&self) -> Arc<C> {
        unreachable!()
    }

    pub async fn open(&mut self) -> Result<(), Response> {
        unreachable!()
    }

    pub async fn first<T>(&mut self, _: PhantomData<T>) -> Result<T, Response> {
        unreachable!()
    }

    pub async fn second<T>(&mut self, _: T) -> Result<T, Response> {
        unreachable!()
    }

    pub fn argument<T>(&self, _: PhantomData<T>) -> T {
        unreachable!()
    }
}

#[allow(clippy::unused_self, clippy::needless_pass_by_value, clippy::type_complexity)]
impl Refused {
    pub fn handler(self, _: fn(RefusedTools, RefusedCall) -> BoxFuture<'static, Response>) -> Hook {
        unreachable!()
    }

    pub fn verify<C>(
        self,
        _: for<'a> fn(RefusedTools, &'a C, &'a WebhookRequest) -> BoxFuture<'a, Result<(), VerifyError>>,
    ) -> Hook {
        unreachable!()
    }

    pub fn metadata<C>(self, _: fn(RefusedTools, &C, &WebhookRequest) -> Option<Metadata>) -> Hook {
        unreachable!()
    }

    pub fn output<C>(self, _: fn(RefusedTools, &C, &Recipient) -> Option<Arc<dyn OutputChannel>>) -> Hook {
        unreachable!()
    }

    pub fn routes<C>(self, _: fn(RefusedTools, Arc<C>) -> axum::Router<ChannelState>) -> Hook {
        unreachable!()
    }

    pub fn start<C>(
        self,
        _: fn(RefusedTools, Arc<C>, RefusedCall) -> BoxFuture<'static, Result<(), BoxError>>,
    ) -> Hook {
        unreachable!()
    }
}

/// Stands in for `Tools`.
#[derive(Clone, Copy)]
pub struct RefusedTools;

#[allow(clippy::unused_self, clippy::needless_pass_by_value)]
impl RefusedTools {
    pub fn boxed<'a, F: Future>(self, _: F) -> BoxFuture<'a, F::Output> {
        unreachable!()
    }

    pub fn reply<R>(self, _: R) -> Response {
        unreachable!()
    }

    pub fn verdict<R>(self, _: R) -> Result<(), VerifyError> {
        unreachable!()
    }

    pub fn to_metadata<R>(self, _: R) -> Option<Metadata> {
        unreachable!()
    }

    pub fn to_output<R>(self, _: R) -> Option<Arc<dyn OutputChannel>> {
        unreachable!()
    }

    pub fn to_routes<R>(self, _: R) -> axum::Router<ChannelState> {
        unreachable!()
    }

    pub fn outcome<R>(self, _: R) -> Result<(), BoxError> {
        unreachable!()
    }
}
