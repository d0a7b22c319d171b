//! What Slack waits for in the answer to a delivery: options of a select, what becomes of a view.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use channel_core::Metadata;
use serde_json::Value;
use tokio::{sync::watch, time::timeout};

/// Slack waits for three seconds.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Where a reply's recipient has the id of the delivery that waits.
pub(super) const WAITS: &str = "waits";

/// The deliveries that are being waited for, by the ids of their messages.
#[derive(Clone, Default)]
pub(super) struct Answers(Arc<Mutex<HashMap<String, Waiting>>>);

/// What comes twice gets the same answer.
type Waiting = watch::Sender<Option<Value>>;

/// A delivery whose answer is waited for. Dropped, it is no more.
pub(super) struct Awaited {
    answers: Answers,
    id: String,
    answer: watch::Receiver<Option<Value>>,
}

impl Answers {
    /// Begins to wait, before the message is handed on.
    pub(super) fn expect(&self, id: &str) -> Awaited {
        let answer = self.lock().entry(id.to_owned()).or_default().subscribe();
        Awaited { answers: self.clone(), id: id.to_owned(), answer }
    }

    /// Gives the delivery that a reply goes to its answer; whether it still waits.
    pub(super) fn give(&self, to: &Metadata, answer: &Value) -> bool {
        let waiting = to.get(WAITS).and_then(Value::as_str).and_then(|id| self.lock().remove(id));
        waiting.is_some_and(|waiting| waiting.send(Some(answer.clone())).is_ok())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Awaited {
    /// The answer; `None` where none came in time.
    pub(super) async fn answer(mut self) -> Option<Value> {
        let answer = timeout(PATIENCE, self.answer.wait_for(Option::is_some)).await.ok()?.ok()?;
        answer.clone()
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        let mut answers = self.answers.lock();
        if answers.get(&self.id).is_some_and(|waiting| waiting.receiver_count() <= 1) {
            answers.remove(&self.id);
        }
    }
}
