//! The one thread that writes: it commits together what came in while it was busy.

use std::{io, sync::Arc};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{
    super::StoreError,
    checkpoints::{Checkpoints, Log},
    worker::{Worker, stopped},
};

/// So many operations are committed together at most.
const BATCH: usize = 512;

/// Called before each commit; its error fails the commit.
pub(super) type Hook = Box<dyn FnMut() -> io::Result<()> + Send>;

/// Hands operations to the thread that writes.
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Operation>>,
    _worker: Worker,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        checkpoints: Checkpoints,
        hook: Option<Hook>,
    ) -> io::Result<Self> {
        let (queue, operations) = mpsc::channel(BATCH);
        let log = Log::new(checkpoints);
        let mut desk = Desk { connection, log, hook };
        let worker = Worker::spawn("store-writer", move || desk.serve(operations))?;
        Ok(Self { queue, _worker: worker })
    }

    /// Does this in a transaction, and returns once that is on the disk. It is done again if another operation of the
    /// transaction failed.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let call = Call { work, done: None, reply };
        self.queue.send(Box::new(call)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

trait Operation: Send {
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()>;

    /// Tells the caller how it went.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Call<T, F> {
    work: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: Fn(&Connection) -> rusqlite::Result<T> + Send> Operation for Call<T, F> {
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.done = Some((self.work)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { done, reply, .. } = *self;
        // A caller that has gone needs no answer.
        drop(reply.send(committed.and_then(|()| done.ok_or_else(stopped))));
    }
}

/// Where the thread works.
struct Desk {
    connection: Connection,
    log: Log,
    hook: Option<Hook>,
}

enum Failure {
    /// One of the operations failed: the others may be done without it.
    Operation(rusqlite::Error),
    /// The commit failed: none of the operations is done.
    Commit(Arc<CommitError>),
}

#[derive(Debug, thiserror::Error)]
enum CommitError {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Hook(#[from] io::Error),
}

impl Desk {
    fn serve(&mut self, mut queue: mpsc::Receiver<Box<dyn Operation>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
            self.settle(&mut batch);
            self.log.grown(&self.connection);
        }
    }

    fn settle(&mut self, batch: &mut Vec<Box<dyn Operation>>) {
        match self.commit(batch) {
            Err(Failure::Operation(_)) if batch.len() > 1 => {
                for mut operation in batch.drain(..) {
                    let outcome = self.commit(std::slice::from_mut(&mut operation));
                    operation.answer(outcome.map_err(StoreError::from));
                }
            }
            Err(Failure::Operation(error)) => {
                if let Some(operation) = batch.pop() {
                    operation.answer(Err(StoreError::new(error)));
                }
            }
            Err(Failure::Commit(error)) => {
                for operation in batch.drain(..) {
                    operation.answer(Err(StoreError::new(Arc::clone(&error))));
                }
            }
            Ok(()) => batch.drain(..).for_each(|operation| operation.answer(Ok(()))),
        }
    }

    fn commit(&mut self, batch: &mut [Box<dyn Operation>]) -> Result<(), Failure> {
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(Failure::commit)?;
        for operation in batch {
            operation.run(&transaction).map_err(Failure::Operation)?;
        }
        if let Some(hook) = &mut self.hook {
            hook().map_err(Failure::commit)?;
        }
        transaction.commit().map_err(Failure::commit)
    }
}

impl Failure {
    fn commit(error: impl Into<CommitError>) -> Self {
        Self::Commit(Arc::new(error.into()))
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Operation(error) => Self::new(error),
            Failure::Commit(error) => Self::new(error),
        }
    }
}
