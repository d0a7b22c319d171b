//! One request on its way into a method.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::request::Parts,
    response::{IntoResponse, Response},
};

use super::{arguments::Argument, hooks::Hooks};
use crate::{ChannelState, WebhookRequest, webhook::read_body};

/// One request on its way into a method: first whatever looks at its head, then whatever reads its body.
pub struct Call<C: 'static> {
    pub(super) channel: Arc<C>,
    pub(super) hooks: &'static Hooks<C>,
    pub(super) guarded: bool,
    pub(super) parts: Parts,
    pub(super) body: Body,
    pub(super) state: ChannelState,
    /// How many arguments still want the body.
    pub(super) readers: usize,
}

/// An argument between the two passes.
pub struct Slot<T: Argument<K>, K>(T::Slot, PhantomData<fn() -> (T, K)>);

impl<C: Send + Sync + 'static> Call<C> {
    pub fn channel(&self) -> Arc<C> {
        Arc::clone(&self.channel)
    }

    /// Verifies the request, and keeps it for `#[metadata]`.
    pub async fn open(&mut self) -> Result<(), Response> {
        if !self.guarded || !self.hooks.wants_request() {
            return Ok(());
        }
        let bytes = read_body(std::mem::take(&mut self.body)).await.map_err(IntoResponse::into_response)?;
        let request = WebhookRequest::of(&self.parts, bytes.clone());
        self.hooks.check(&self.channel, self.state.insecure(), &request).await?;
        self.parts.extensions.insert(request);
        self.body = Body::from(bytes);
        Ok(())
    }

    pub async fn first<T: Argument<K>, K>(&mut self, _: PhantomData<T>) -> Result<Slot<T, K>, Response> {
        T::first(self).await.map(|slot| Slot(slot, PhantomData))
    }

    pub async fn second<T: Argument<K>, K>(&mut self, slot: Slot<T, K>) -> Result<T, Response> {
        T::second(slot.0, self).await
    }

    /// The request, whole. The last reader gets the body as it streams in; while there are further ones, it is read
    /// and kept for them.
    pub(super) async fn take_request(&mut self) -> Result<Request, Response> {
        self.readers = self.readers.saturating_sub(1);
        let body = std::mem::take(&mut self.body);
        if self.readers == 0 {
            let parts = std::mem::replace(&mut self.parts, empty_parts());
            return Ok(Request::from_parts(parts, body));
        }
        let bytes: Bytes = read_body(body).await.map_err(IntoResponse::into_response)?;
        self.body = Body::from(bytes.clone());
        Ok(Request::from_parts(self.parts.clone(), Body::from(bytes)))
    }
}

fn empty_parts() -> Parts {
    Request::<()>::default().into_parts().0
}
