//! A message that is kept, on its way to the end of its turn: tried, tried again, and given up in the end.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use channel_core::{BoxError, Concurrency, TurnError};
use tracing::Instrument as _;

use super::{Bearer, Said, attempt::Attempt, work::Worker};
use crate::{
    Causes, MessageKey, Pending, Retrial, State,
    backoff::{self, STORE},
    engine::Inner,
    measures, spans,
};

/// A message whose turn has come, with those that are answered in the same turn.
pub(super) struct Asked {
    pub(super) pending: Pending,
    /// Who brought it to this server; nobody, where it was found in the store.
    pub(super) said: Option<Said>,
    /// The messages before it whose texts are part of its.
    pub(super) collected: Vec<MessageKey>,
    /// The places that those take among what waits.
    places: Vec<Said>,
    /// How often the store has failed on the way.
    store_failures: u32,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// It is over, superseded or a dead letter.
    Done,
    /// It stays pending: the server stops, or another one has the conversation.
    Left,
}

impl Worker<'_> {
    /// Runs the message's turn until it is over, or is given up.
    ///
    /// A kill at any line leaves the message pending in the store with what its finished steps did, or over.
    pub(super) async fn answer(&mut self, asked: Asked) -> After {
        let span = spans::turn(&asked.pending);
        self.answer_in_span(asked).instrument(span).await
    }

    async fn answer_in_span(&mut self, mut asked: Asked) -> After {
        if let Some(age) = asked.too_old(self.inner) {
            let error = format!("not answered: the message was {} seconds old", age.as_secs());
            return self.bury(asked, error.into()).await;
        }
        loop {
            let is_interruptible = asked.concurrency(self.inner) == Concurrency::Interrupt;
            let goes_on = tokio::select! {
                biased;
                goes_on = self.wait_until(asked.pending.retry_at) => goes_on,
                by = self.lane.kept_message(), if is_interruptible => {
                    self.supersede(&asked.keys(), &by).await;
                    return After::Done;
                }
            };
            if !goes_on || self.inner.gives_back() {
                return After::Left;
            }
            let Some(lease) = self.hold().await else { return self.hand_over(asked) };
            let error = match self.attempt(&asked, &lease).await {
                Attempt::Answered => return self.finish(asked, Ok(())),
                Attempt::Interrupted(by) => {
                    self.supersede(&asked.keys(), &by).await;
                    return After::Done;
                }
                Attempt::Fenced => return self.hand_over(asked),
                Attempt::StoreFailed(error) => {
                    // Nobody is told more than that: once the store is back, the turn goes on.
                    asked.tell(Err(asked.log("turn not kept", error)));
                    if !self.pause(&mut asked).await {
                        return After::Left;
                    }
                    None
                }
                Attempt::Failed(error) => Some(error),
            };
            match (self.refresh(&mut asked).await, error) {
                (Refreshed::Stopped, _) => return After::Left,
                (Refreshed::Over, None) => return self.finish(asked, Ok(())),
                (Refreshed::Over, Some(error)) => {
                    let error = asked.log("replies not sent", error);
                    return self.finish(asked, Err(error));
                }
                (Refreshed::Pending, None) => {}
                (Refreshed::Pending, Some(error)) => {
                    if asked.pending.waits || asked.pending.attempts + 1 >= self.inner.options.attempts {
                        return self.bury(asked, error).await;
                    }
                    self.keep_for_later(&mut asked, lease.number, error).await;
                }
            }
        }
    }

    fn finish(&mut self, mut asked: Asked, result: Result<(), TurnError>) -> After {
        for key in asked.keys() {
            self.inner.ends.over(&key);
        }
        asked.tell(result);
        After::Done
    }

    /// Another server has the conversation, and finds the message in the store.
    fn hand_over(&mut self, asked: Asked) -> After {
        self.lose();
        if let Some(said) = asked.said {
            drop(tokio::spawn(self.inner.clone().repeat(said)));
        }
        After::Left
    }

    /// The store may know more of the message than was answered to this server.
    async fn refresh(&mut self, asked: &mut Asked) -> Refreshed {
        loop {
            match self.inner.store.message(&asked.key()).await {
                Ok(kept) => {
                    // A step that was kept without word of it has replies that nobody was handed.
                    if let Some(lease) = self.lease.as_ref().filter(|_| !asked.pending.waits) {
                        self.inner.send_unsent(self.conversation, lease);
                    }
                    let Some(kept) = kept.filter(|kept| kept.state == State::Pending) else {
                        return Refreshed::Over;
                    };
                    asked.pending.progress = kept.progress;
                    return Refreshed::Pending;
                }
                Err(error) => {
                    tracing::error!(%error, "a message can't be read; this is tried again");
                    if !self.pause(asked).await {
                        return Refreshed::Stopped;
                    }
                }
            }
        }
    }

    async fn keep_for_later(&mut self, asked: &mut Asked, lease: u64, error: BoxError) {
        let wait = backoff::TURNS.nth(asked.pending.attempts);
        let at = SystemTime::now() + wait;
        let text = Causes(&*error).to_string();
        tracing::warn!(
            channel = &*asked.pending.channel,
            message_id = asked.pending.message.message_id,
            attempt = asked.pending.attempts + 1,
            error = text,
            "turn failed; it is run again in {wait:.1?}"
        );
        measures::turn_failed(&asked.pending.channel);
        // Not written, the attempt is counted here alone.
        if let Err(error) = self.inner.store.fail(&asked.key(), lease, &text, Retrial::At(at)).await {
            tracing::error!(%error, "a failed attempt is not kept");
        }
        asked.pending.attempts += 1;
        asked.pending.retry_at = Some(at);
    }

    /// Makes the message a dead letter, and each that was to be answered with it, and lets those behind it go on.
    async fn bury(&mut self, mut asked: Asked, error: BoxError) -> After {
        let text = Causes(&*error).to_string();
        let error = asked.log("turn failed for good: the message is a dead letter", error);
        let mut keys = asked.keys();
        while let Some(key) = keys.last() {
            let Some(lease) = self.hold().await.map(|lease| lease.number) else {
                return self.hand_over(asked);
            };
            match self.inner.store.fail(key, lease, &text, Retrial::Never).await {
                Ok(()) => {
                    measures::dead_letter("message", &key.channel);
                    keys.pop();
                }
                Err(crate::StoreError::Fenced) => return self.hand_over(asked),
                Err(error) => {
                    tracing::error!(%error, "a dead letter is not kept; this is tried again");
                    asked.tell(Err(failure(&text)));
                    if !self.pause(&mut asked).await {
                        return After::Left;
                    }
                }
            }
        }
        self.finish(asked, Err(error))
    }

    /// Waits until a time; `false`: the server stops before.
    async fn wait_until(&self, time: Option<SystemTime>) -> bool {
        let Some(wait) = time.and_then(|time| time.duration_since(SystemTime::now()).ok()) else {
            return true;
        };
        // A clock that was set back is no reason to wait for longer than ever meant.
        self.inner.pause(wait.min(backoff::TURNS.longest)).await
    }

    /// Waits before the store is asked again; `false`: the server stops before.
    async fn pause(&self, asked: &mut Asked) -> bool {
        let wait = STORE.nth(asked.store_failures);
        asked.store_failures = asked.store_failures.saturating_add(1);
        self.wait_until(Some(SystemTime::now() + wait)).await
    }
}

enum Refreshed {
    Pending,
    Over,
    Stopped,
}

impl Asked {
    pub(super) fn new(pending: Pending, said: Option<Said>) -> Self {
        Self { pending, said, collected: Vec::new(), places: Vec::new(), store_failures: 0 }
    }

    pub(super) fn key(&self) -> MessageKey {
        MessageKey::new(Arc::clone(&self.pending.channel), self.pending.message.message_id.as_str())
    }

    pub(super) fn keys(&self) -> Vec<MessageKey> {
        let mut keys = self.collected.clone();
        keys.push(self.key());
        keys
    }

    /// Both in one turn, which is that of the later one.
    pub(super) fn and(mut self, mut later: Self) -> Self {
        later.collected = self.keys();
        let text = format!("{}\n{}", self.pending.message.text, later.pending.message.text);
        later.pending.message.text = text;
        later.places = self.places;
        later.places.extend(self.said.take());
        later
    }

    pub(super) fn concurrency(&self, inner: &Inner) -> Concurrency {
        if self.pending.waits {
            return Concurrency::Queue;
        }
        match &self.said {
            Some(said) => said.channel.concurrency(),
            None => inner
                .channel(&self.pending.channel)
                .map_or_else(Concurrency::default, |channel| channel.concurrency()),
        }
    }

    /// How old a message is that was found in the store, if that is too old to be answered.
    fn too_old(&self, inner: &Inner) -> Option<Duration> {
        if self.said.is_some() {
            return None;
        }
        let age = SystemTime::now().duration_since(self.pending.accepted_at).ok()?;
        (age > inner.options.max_age?).then_some(age)
    }

    fn log(&self, what: &'static str, error: BoxError) -> TurnError {
        if let Some(said) = &self.said {
            return said.log(what, TurnError::Failed(error));
        }
        tracing::error!(
            channel = &*self.pending.channel,
            message_id = self.pending.message.message_id,
            error = %Causes(&*error),
            "{what}"
        );
        TurnError::Failed(error)
    }

    /// Tells the caller who waits, if there still is one.
    fn tell(&mut self, result: Result<(), TurnError>) {
        if let Some(Said { bearer, .. }) = &mut self.said {
            bearer.tell(result);
        }
    }
}

impl Bearer {
    /// Answers to the caller who waits. From then on nobody does.
    pub(crate) fn tell(&mut self, result: Result<(), TurnError>) {
        let nobody = Self::Platform { kept: super::Keeping::Refused, was_busy: false };
        if let Self::Caller(caller) = std::mem::replace(self, nobody) {
            let _ = caller.answer.send(result);
        }
    }
}

fn failure(text: &str) -> TurnError {
    TurnError::Failed(text.to_owned().into())
}
