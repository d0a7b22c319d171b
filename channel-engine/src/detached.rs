//! A future that its caller cannot cancel.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use channel_core::BoxFuture;

/// Runs in the caller's own task, which costs nothing; dropped before its end, it goes on in a task of its own.
pub(crate) struct Detached<T: Send + 'static> {
    state: State<T>,
}

enum State<T> {
    Running(BoxFuture<'static, T>),
    Done,
}

impl<T: Send + 'static> Detached<T> {
    pub(crate) fn new(future: BoxFuture<'static, T>) -> Self {
        Self { state: State::Running(future) }
    }
}

impl<T: Send + 'static> Future for Detached<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let State::Running(future) = &mut self.state else { return Poll::Pending };
        let output = std::task::ready!(future.as_mut().poll(context));
        self.state = State::Done;
        Poll::Ready(output)
    }
}

impl<T: Send + 'static> Drop for Detached<T> {
    fn drop(&mut self) {
        let State::Running(future) = mem::replace(&mut self.state, State::Done) else { return };
        // Without a runtime the process is ending.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(future);
        }
    }
}
