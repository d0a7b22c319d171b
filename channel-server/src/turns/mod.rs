//! From an arrived message to its replies: one turn after the other in a conversation, conversations side by side.

mod detached;
mod lanes;
mod run;

use std::{future::ready, sync::Arc};

use channel_core::{Agent, Arrival, BoxFuture, Intake, TurnError};
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
    /// Turns that this agent answers; so many messages may be at work or wait.
    pub(crate) fn new(agent: Arc<dyn Agent>, waiting: usize) -> Self {
        let waiting = Arc::new(Semaphore::new(waiting.min(Semaphore::MAX_PERMITS)));
        Self(Arc::new(Inner { agent, lanes: Lanes::default(), waiting, tasks: TaskTracker::new() }))
    }

    /// The turns, and the tasks that go on without a caller: what to wait for at the end.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }
}

impl Turns {
    /// A turn that has its place in its conversation. It counts from now on until it ends or is dropped, whoever runs it.
    fn begin(&self, arrival: Arrival) -> Result<BoxFuture<'static, Result<(), TurnError>>, TurnError> {
        // Before the look at whether the end has come: who waits for the end waits for this one, or it is refused.
        let token = self.0.tasks.token();
        if self.0.tasks.is_closed() {
            return Err(TurnError::ShuttingDown);
        }
        let permit = Arc::clone(&self.0.waiting).try_acquire_owned().map_err(|_| TurnError::Busy)?;
        let lane = self.0.lanes.enter(&arrival);
        let inner = Arc::clone(&self.0);
        Ok(Box::pin(async move {
            let _counted = (token, permit);
            let _lane = lane.await;
            inner.turn(&arrival).await
        }))
    }
}

impl Inner {
    async fn turn(&self, arrival: &Arrival) -> Result<(), TurnError> {
        run::turn(&*self.agent, arrival).await.map_err(|error| {
            tracing::error!(
                channel = arrival.channel.channel().name(),
                instance = arrival.channel.instance(),
                message_id = arrival.message.message_id,
                request_id = arrival.request_id.as_ref().and_then(|id| id.to_str().ok()),
                error = %Causes(&*error.0),
                "turn failed"
            );
            TurnError::Failed(error.0)
        })
    }
}

impl Intake for Turns {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        match self.begin(arrival) {
            Ok(turn) => Box::pin(Detached::new(turn)),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        // A failure is logged by the turn itself.
        let accepted = self.begin(arrival).map(|turn| drop(tokio::spawn(turn)));
        Box::pin(ready(accepted))
    }
}

/// An error with all that caused it, on one line: what comes from outside must not look like a line of the log.
pub(crate) struct Causes<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut last = self.0.to_string();
        write!(f, "{}", last.escape_debug())?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if text != last {
                write!(f, ": {}", text.escape_debug())?;
            }
            cause = error.source();
            last = text;
        }
        Ok(())
    }
}
