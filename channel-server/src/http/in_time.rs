//! An answer with a limit of time.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::response::Response;
use channel_core::BoxFuture;
use futures_util::FutureExt as _;
use tokio::time::Sleep;

/// Why there is no answer.
pub(super) enum NoAnswer {
    Panicked,
    TooSlow,
}

/// An answer that has to come within some time.
pub(super) struct InTime {
    answer: BoxFuture<'static, Result<Response, NoAnswer>>,
    time: Duration,
    /// Set when the answer first keeps us waiting: many are there at once.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl InTime {
    pub(super) fn new(answer: impl Future<Output = Response> + Send + 'static, time: Duration) -> Self {
        let answer = AssertUnwindSafe(answer).catch_unwind().map(|result| result.or(Err(NoAnswer::Panicked)));
        Self { answer: Box::pin(answer), time, deadline: None }
    }
}

impl Future for InTime {
    type Output = Result<Response, NoAnswer>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(answer) = self.answer.as_mut().poll(context) {
            return Poll::Ready(answer);
        }
        let time = self.time;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(NoAnswer::TooSlow))
    }
}
