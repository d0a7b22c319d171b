//! The threads that read.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{
    super::StoreError,
    worker::{Worker, stopped},
};

/// So many questions wait for a thread, before those who ask wait too.
const WAITING: usize = 256;

type Question = Box<dyn FnOnce(&Connection) + Send>;

/// Hands questions to the threads that read.
pub(super) struct Readers {
    queue: mpsc::Sender<Question>,
    _workers: Vec<Worker>,
}

impl Readers {
    pub(super) fn start(connections: Vec<Connection>) -> io::Result<Self> {
        let (queue, questions) = mpsc::channel(WAITING);
        let questions = Arc::new(Mutex::new(questions));
        let workers = connections.into_iter().map(|connection| {
            let questions = Arc::clone(&questions);
            Worker::spawn("store-reader", move || serve(&connection, &questions))
        });
        Ok(Self { queue, _workers: workers.collect::<io::Result<_>>()? })
    }

    /// Reads; sees whatever was committed before.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let question: Question = Box::new(move |connection| {
            // Who has gone needs no answer.
            drop(reply.send(read(connection)));
        });
        self.queue.send(question).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?.map_err(StoreError::new)
    }
}

fn serve(connection: &Connection, questions: &Mutex<mpsc::Receiver<Question>>) {
    while let Some(question) = next(questions) {
        question(connection);
    }
}

/// One thread waits for the next question, the others for their turn to wait.
fn next(questions: &Mutex<mpsc::Receiver<Question>>) -> Option<Question> {
    questions.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}
