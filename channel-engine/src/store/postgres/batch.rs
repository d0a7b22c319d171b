//! What many calls write goes together: what waits is one transaction, then what has come meanwhile.

use std::{collections::HashSet, sync::Arc};

use futures_util::future::join_all;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{super::StoreError, database::Database, names::Key, server::Server};

/// So many items wait at most, and are written at once.
const BATCH: usize = 256;

/// So many batches are on their way: one is gathered and sent while the disk is busy with another.
const WRITERS: usize = 2;

/// A batch is full at so many bytes.
const BATCH_BYTES: usize = 4 << 20;

/// What became of one item.
pub(super) type Outcome<T> = Result<T, StoreError>;

/// What is written in batches.
pub(super) trait Item: Send + Sync + Sized + 'static {
    type Answer: Send + 'static;

    /// Whether the items of a batch that failed are written again, each alone: one that can't be written holds up no other.
    const IS_REPEATABLE: bool;

    /// How large it is, in bytes.
    fn size(&self) -> usize {
        0
    }

    /// No two items of a batch have the same.
    fn apart(&self) -> Option<&Key> {
        None
    }

    /// Writes a batch, wholly or not at all, and tells what became of each item.
    fn write(desk: &Desk, items: &[Self])
    -> impl Future<Output = Outcome<Vec<Outcome<Self::Answer>>>> + Send;
}

/// Who writes, and where.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) database: Database,
    pub(super) server: Arc<Server>,
}

/// Where items are handed in.
pub(super) struct Writer<I: Item> {
    requests: mpsc::Sender<Request<I>>,
}

struct Request<I: Item> {
    item: I,
    answer: oneshot::Sender<Outcome<I::Answer>>,
}

/// What waits to be written.
struct Waiting<I: Item> {
    requests: mpsc::Receiver<Request<I>>,
    /// It can't be in one batch with what was taken before it.
    next: Option<Request<I>>,
}

impl<I: Item> Writer<I> {
    /// Starts the tasks that write, which end with the last of those who hand in.
    pub(super) fn start(desk: &Desk) -> Self {
        let (requests, receiver) = mpsc::channel(BATCH);
        let waiting = Arc::new(Mutex::new(Waiting { requests: receiver, next: None }));
        for _ in 0..WRITERS {
            tokio::spawn(write_all(desk.clone(), Arc::clone(&waiting)));
        }
        Self { requests }
    }

    pub(super) async fn write(&self, item: I) -> Outcome<I::Answer> {
        let (answer, answered) = oneshot::channel();
        let ended = || StoreError::new("the store's writer has ended with its runtime");
        self.requests.send(Request { item, answer }).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }
}

impl<I: Item> Waiting<I> {
    /// What waits, as soon as anything does.
    async fn batch(&mut self) -> Option<Vec<Request<I>>> {
        let first = match self.next.take() {
            Some(next) => next,
            None => self.requests.recv().await?,
        };
        let mut size = first.item.size();
        let mut apart: HashSet<Key> = first.item.apart().cloned().into_iter().collect();
        let mut batch = vec![first];
        while batch.len() < BATCH
            && size < BATCH_BYTES
            && let Ok(next) = self.requests.try_recv()
        {
            if next.item.apart().is_some_and(|key| !apart.insert(key.clone())) {
                self.next = Some(next);
                break;
            }
            size += next.item.size();
            batch.push(next);
        }
        Some(batch)
    }
}

async fn write_all<I: Item>(desk: Desk, waiting: Arc<Mutex<Waiting<I>>>) {
    loop {
        let batch = waiting.lock().await.batch().await;
        let Some(batch) = batch else { return };
        let (items, answers): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|request| (request.item, request.answer)).unzip();
        for (answer, outcome) in answers.into_iter().zip(write(&desk, &items).await) {
            // Whoever does not wait any more is not told.
            let _ = answer.send(outcome);
        }
    }
}

async fn write<I: Item>(desk: &Desk, items: &[I]) -> Vec<Outcome<I::Answer>> {
    match I::write(desk, items).await {
        Ok(outcomes) => outcomes,
        Err(_) if I::IS_REPEATABLE && items.len() > 1 => {
            join_all(items.iter().map(|item| alone(desk, item))).await
        }
        Err(error) => same_for_all(&error, items.len()),
    }
}

/// Writes one item without a batch.
pub(super) async fn alone<I: Item>(desk: &Desk, item: &I) -> Outcome<I::Answer> {
    let mut outcomes = I::write(desk, std::slice::from_ref(item)).await?;
    outcomes.pop().unwrap_or_else(|| Err(StoreError::new("nothing was written")))
}

fn same_for_all<T>(error: &StoreError, count: usize) -> Vec<Outcome<T>> {
    let text: Arc<str> = match error {
        StoreError::Failed(cause) => cause.to_string().into(),
        StoreError::Fenced => error.to_string().into(),
    };
    (0..count).map(|_| Err(StoreError::new(text.to_string()))).collect()
}
