//! From an arrived message to its replies: one turn after the other in a conversation, conversations side by side.

mod detached;
mod lanes;
mod run;

use std::sync::Arc;

use channel_core::{Agent, Arrival, BoxFuture, Intake, TurnError};
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use detached::Detached;
use lanes::Lanes;

/// Runs the turns of every channel.
pub(crate) struct Turns(Arc<Inner>);

struct Inner {
    agent: Arc<dyn Agent>,
    lanes: Lanes,
    waiting: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Turns {
    /// Turns that this agent answers; so many accepted messages may wait.
    pub(crate) fn new(agent: Arc<dyn Agent>, waiting: usize) -> Self {
        let waiting = Arc::new(Semaphore::new(waiting));
        Self(Arc::new(Inner { agent, lanes: Lanes::default(), waiting, tasks: TaskTracker::new() }))
    }

    /// The tasks that go on without a caller: what to wait for at the end.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }
}

impl Inner {
    #[expect(clippy::manual_async_fn, reason = "an `async fn` would keep room for the arrival twice")]
    fn turn(self: Arc<Self>, arrival: Arrival) -> impl Future<Output = Result<(), TurnError>> + Send {
        async move {
            let _lane = self.lanes.enter(&arrival).await;
            run::turn(&*self.agent, &arrival).await.map_err(|error| failed(&arrival, error))
        }
    }
}

fn failed(arrival: &Arrival, error: run::Failure) -> TurnError {
    tracing::error!(
        channel = arrival.channel.channel().name(),
        instance = arrival.channel.instance(),
        message_id = arrival.message.message_id,
        request_id = arrival.request_id.as_ref().and_then(|id| id.to_str().ok()),
        error = %Causes(&*error.0),
        "turn failed"
    );
    TurnError::Failed(error.0)
}

impl Intake for Turns {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        if self.0.tasks.is_closed() {
            return Box::pin(std::future::ready(Err(TurnError::ShuttingDown)));
        }
        let turn = Box::pin(Arc::clone(&self.0).turn(arrival));
        Box::pin(Detached::new(turn, self.0.tasks.clone()))
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        Box::pin(std::future::ready(self.take(arrival)))
    }
}

impl Turns {
    fn take(&self, arrival: Arrival) -> Result<(), TurnError> {
        if self.0.tasks.is_closed() {
            return Err(TurnError::ShuttingDown);
        }
        let permit = Arc::clone(&self.0.waiting).try_acquire_owned().map_err(|_| TurnError::Busy)?;
        // A failure is logged by the turn itself.
        self.0.tasks.spawn(Arc::clone(&self.0).turn(arrival).map(|_| drop(permit)));
        Ok(())
    }
}

/// An error with all that caused it, on one line.
pub(crate) struct Causes<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
