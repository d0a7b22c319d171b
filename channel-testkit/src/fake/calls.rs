//! The calls of a bot: what becomes of them, and a log.

use std::{collections::VecDeque, sync::Mutex};

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Answer, Changes, Fault, KEPT, Queue, lock, server::hang_up};

/// A call of the bot. The token is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The method, as `chat.postMessage` or `sendMessage`.
    pub method: String,
    /// The parameters, whichever way they came.
    pub body: Value,
    /// The status that it was answered with; `None` where there was no answer.
    pub status: Option<u16>,
    /// What the platform says to it, whether that was sent or lost; null where nothing was done.
    pub answer: Value,
}

/// What becomes of calls.
pub(crate) struct Calls {
    changes: Changes,
    faults: Queue<(Option<String>, Fault)>,
    log: Mutex<VecDeque<Call>>,
}

impl Calls {
    /// Calls whose arrival is a change like others.
    pub(crate) fn new(changes: Changes) -> Self {
        Self { changes, faults: Queue::default(), log: Mutex::default() }
    }

    /// Lets the next call fail, of this method or of any.
    pub(crate) fn fail_next(&self, method: Option<&str>, fault: Fault) {
        self.faults.push((method.map(str::to_owned), fault));
    }

    pub(crate) fn log(&self) -> Vec<Call> {
        lock(&self.log).iter().cloned().collect()
    }

    /// Answers a call with what `perform` says, unless a fault waits for it.
    pub(crate) async fn answer(
        &self,
        method: &str,
        body: Value,
        perform: impl Future<Output = Answer>,
        too_many: fn(u64) -> Answer,
    ) -> Response {
        let fault = self.faults.take_if(|(of, _)| of.as_deref().is_none_or(|of| of == method));
        let mut call = Call { method: method.to_owned(), body, status: None, answer: Value::Null };
        let answer = match fault.map(|(_, fault)| fault) {
            None => perform.await,
            Some(Fault::Status(status)) => Answer::new(status, json!({ "ok": false })),
            Some(Fault::Answer(status, body)) => Answer::new(status, body),
            Some(Fault::RateLimited(after)) => too_many(after.as_secs()),
            Some(Fault::Stall) => {
                self.keep(call);
                return std::future::pending().await;
            }
            Some(Fault::Close) => {
                self.keep(call);
                return hang_up();
            }
            Some(Fault::LoseAnswer) => {
                call.answer = perform.await.body;
                self.keep(call);
                return hang_up();
            }
        };
        call.status = Some(answer.status);
        call.answer = answer.body.clone();
        self.keep(call);
        answer.into_response()
    }

    fn keep(&self, call: Call) {
        let mut log = lock(&self.log);
        if log.len() == KEPT {
            log.pop_front();
        }
        log.push_back(call);
        drop(log);
        self.changes.notify();
    }
}
