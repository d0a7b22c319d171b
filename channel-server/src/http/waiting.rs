//! Connections that keep us waiting for a request.
//!
//! hyper has a timer for that, but sets it anew for each request, which costs more than a small request itself. Here one
//! timer per connection looks now and then at how long the connection has been waiting.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

/// Since when a connection waits for the head of a request; nothing while it answers one.
#[derive(Clone)]
pub(super) struct Waiting(Arc<Mutex<Option<Instant>>>);

/// A connection that answers a request, until this is dropped.
struct Answering(Waiting);

/// A body, for as long as which its connection is answering.
pub(super) struct Answer<B> {
    body: B,
    _answering: Answering,
}

impl Waiting {
    /// A connection that waits from now on.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Some(Instant::now()))))
    }

    /// Answers a request. The connection waits again when the answer's body is sent.
    pub(super) async fn during<B>(
        self,
        answer: impl Future<Output = http::Response<B>>,
    ) -> http::Response<Answer<B>> {
        self.set(None);
        let answering = Answering(self);
        answer.await.map(|body| Answer { body, _answering: answering })
    }

    /// Is over when the connection has been waiting for so long.
    pub(super) async fn too_long(&self, limit: Duration) {
        loop {
            let since = self.since().unwrap_or_else(Instant::now);
            let Some(rest) = limit.checked_sub(since.elapsed()).filter(|rest| !rest.is_zero()) else {
                return;
            };
            tokio::time::sleep(rest).await;
        }
    }

    fn since(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.set(Some(Instant::now()));
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Answer<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
