//! From a hook's method to a value that `#[channel]` can collect.

use std::{any::Any, marker::PhantomData, ops::Deref, sync::Arc};

use axum::{Router, response::Response};

use super::{call::Call, refused::Refused, tools::Tools};
use crate::{
    BoxError, BoxFuture, ChannelState, Metadata, OnNewMessage, OutputChannel, Recipient, Shutdown,
    VerifyError, WebhookRequest,
};

/// A hook, its type forgotten: the hidden function's signature may name nothing of this crate, since a hook does not
/// know under which path the crate is reached.
pub type Hook = Box<dyn Any + Send + Sync>;

pub(super) type Handler<C> = fn(Tools, Call<C>) -> BoxFuture<'static, Response>;
pub(super) type Verify<C> =
    for<'a> fn(Tools, &'a C, &'a WebhookRequest) -> BoxFuture<'a, Result<(), VerifyError>>;
pub(super) type GetMetadata<C> = fn(Tools, &C, &WebhookRequest) -> Option<Metadata>;
pub(super) type GetOutput<C> = fn(Tools, &C, &Recipient) -> Option<Arc<dyn OutputChannel>>;
pub(super) type GetRoutes<C> = fn(Tools, Arc<C>) -> Router<ChannelState>;
pub(super) type Start<C> = fn(Tools, Arc<C>, StartCall) -> BoxFuture<'static, Result<(), BoxError>>;

/// What a hook's hidden function calls; `#[channel]` gives the type a function that returns it.
pub struct Glue<C>(PhantomData<fn() -> C>);

/// What a `#[start]` method may ask for.
pub struct StartCall {
    pub(super) on_new_message: OnNewMessage,
    pub(super) shutdown: Shutdown,
}

impl<C> Glue<C> {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

/// Where the struct can't be shared between threads, its fields say so, and its hooks are silent: the functions below
/// do not apply then, and those of [`Refused`] do.
impl<C> Deref for Glue<C> {
    type Target = Refused;

    fn deref(&self) -> &Refused {
        &Refused
    }
}

impl<C: Send + Sync + 'static> Glue<C> {
    pub fn handler(self, run: Handler<C>) -> Hook {
        Box::new(run)
    }

    pub fn verify(self, verify: Verify<C>) -> Hook {
        Box::new(verify)
    }

    pub fn metadata(self, metadata: GetMetadata<C>) -> Hook {
        Box::new(metadata)
    }

    pub fn output(self, output: GetOutput<C>) -> Hook {
        Box::new(output)
    }

    pub fn routes(self, routes: GetRoutes<C>) -> Hook {
        Box::new(routes)
    }

    pub fn start(self, start: Start<C>) -> Hook {
        Box::new(start)
    }
}
