//! The arguments of a hook's method.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequest, FromRequestParts},
    response::{IntoResponse, Response},
};

use super::{call::Call, glue::StartCall};
use crate::{ChannelState, Notes, OnNewMessage, Shutdown};

/// An extractor that looks at the head of a request.
pub enum Head {}

/// An extractor that reads the body.
pub enum Whole {}

/// An argument of a webhook method: any axum extractor, in any order, also several that read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be an argument of a channel's method: it is not an extractor",
    label = "not an extractor",
    note = "use `Json<T>` with a `T` that implements `Deserialize`, `WebhookRequest`, `OnNewMessage`, or an axum extractor such as `Query<T>`"
)]
pub trait Argument<Kind>: Sized + Send {
    /// What the first pass leaves for the second.
    type Slot: Send;

    fn first<C: Send + Sync + 'static>(
        call: &mut Call<C>,
    ) -> impl Future<Output = Result<Self::Slot, Response>> + Send;

    fn second<C: Send + Sync + 'static>(
        slot: Self::Slot,
        call: &mut Call<C>,
    ) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequestParts<ChannelState> + Send> Argument<Head> for T {
    type Slot = T;

    async fn first<C: Send + Sync + 'static>(call: &mut Call<C>) -> Result<T, Response> {
        let Call { parts, state, .. } = call;
        T::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)
    }

    async fn second<C: Send + Sync + 'static>(slot: T, _call: &mut Call<C>) -> Result<T, Response> {
        Ok(slot)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest<ChannelState> + Send> Argument<Whole> for T {
    type Slot = ();

    async fn first<C: Send + Sync + 'static>(call: &mut Call<C>) -> Result<(), Response> {
        call.readers += 1;
        Ok(())
    }

    async fn second<C: Send + Sync + 'static>((): (), call: &mut Call<C>) -> Result<T, Response> {
        let request = call.take_request().await?;
        T::from_request(request, &call.state).await.map_err(IntoResponse::into_response)
    }
}

/// An argument of a `#[start]` method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be an argument of a `#[start]` method",
    label = "use `OnNewMessage`, `Notes` or `Shutdown`"
)]
pub trait StartArgument {
    fn from_call(call: &StartCall) -> Self;
}

#[diagnostic::do_not_recommend]
impl StartArgument for OnNewMessage {
    fn from_call(call: &StartCall) -> Self {
        call.on_new_message.clone()
    }
}

#[diagnostic::do_not_recommend]
impl StartArgument for Shutdown {
    fn from_call(call: &StartCall) -> Self {
        call.shutdown.clone()
    }
}

#[diagnostic::do_not_recommend]
impl StartArgument for Notes {
    fn from_call(call: &StartCall) -> Self {
        Self::new(call.on_new_message.channel().clone())
    }
}

impl StartCall {
    pub fn argument<A: StartArgument>(&self, _: PhantomData<A>) -> A {
        A::from_call(self)
    }
}
