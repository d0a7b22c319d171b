//! How messages come in.

use std::{
    future::ready,
    sync::{Arc, atomic::Ordering},
};

use channel_core::{Arrival, BoxError, BoxFuture, Intake, TurnError};
use tokio::{sync::oneshot, time::Instant};

use super::{Engine, Inner, Outcome, failed};
use crate::{
    Accepted, Causes, Incoming, State, StoreError,
    detached::Detached,
    lane::{Bearer, Caller, Job, Keeping, Said},
    measures, stepping,
};

impl Intake for Engine {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Outcome<()>> {
        let conversation = self.conversation(&arrival.channel, &arrival.message.sender_id);
        let (answer, answered) = oneshot::channel();
        let caller = Caller { output: Arc::clone(&arrival.output), answer };
        match self.0.said(arrival, Bearer::Caller(caller)) {
            // The place in the lane is taken by the call, whenever it is awaited.
            Ok(said) => self.0.enter(&conversation, Job::Message(Box::new(said))),
            Err(error) => return Box::pin(ready(Err(error))),
        }
        Box::pin(async move { answered.await.unwrap_or(Err(TurnError::ShuttingDown)) })
    }

    fn note(&self, channel: Arc<str>, name: String) -> BoxFuture<'static, Result<Option<String>, BoxError>> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { Ok(inner.store.note(&channel, &name).await?) })
    }

    fn set_note(
        &self,
        channel: Arc<str>,
        name: String,
        text: String,
    ) -> BoxFuture<'static, Result<(), BoxError>> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { Ok(inner.store.set_note(&channel, &name, &text).await?) })
    }

    /// A kill before the store returns: the platform was told nothing, and delivers again. A kill after it finds the message in
    /// the store.
    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Outcome<()>> {
        let conversation = self.conversation(&arrival.channel, &arrival.message.sender_id);
        let (number, kept) = oneshot::channel();
        let was_busy = self.0.lanes.is_busy(&conversation);
        let bearer = Bearer::Platform { kept: Keeping::Under(kept), was_busy };
        let (channel, message) = (arrival.channel.clone(), arrival.message.clone());
        let request_id = arrival.request_id.clone();
        match self.0.said(arrival, bearer) {
            Ok(said) => self.0.enter(&conversation, Job::Message(Box::new(said))),
            Err(error) => return Box::pin(ready(Err(error))),
        }
        let inner = Arc::clone(&self.0);
        Box::pin(Detached::new(Box::pin(async move {
            let incoming = Incoming {
                conversation: &conversation,
                channel: channel.address(),
                message: &message,
                waits: false,
            };
            match inner.accept(incoming).await {
                Ok(Accepted::New { id } | Accepted::Reopened { id }) => {
                    let _ = number.send(id);
                    inner.lanes.poke(&conversation);
                    Ok(())
                }
                Ok(Accepted::Duplicate) => Ok(()),
                Err(error) => {
                    tracing::error!(
                        channel = channel.channel().name(),
                        instance = channel.instance(),
                        message_id = message.message_id,
                        request_id = request_id.as_ref().and_then(|id| id.to_str().ok()),
                        error = %Causes(&error),
                        "message not accepted"
                    );
                    // It may be kept all the same; delivered again, it is a duplicate.
                    inner.look_later(&conversation);
                    Err(failed(error))
                }
            }
        })))
    }
}

impl Inner {
    /// Counts a message among those that wait.
    fn said(&self, arrival: Arrival, bearer: Bearer) -> Outcome<Said> {
        let Arrival { message, channel, request_id, .. } = arrival;
        let permit = self.admit()?;
        if self.outbox.is_full(channel.address(), self.options.unsent) {
            return Err(TurnError::Busy);
        }
        let is_early = self.recovering.load(Ordering::Acquire);
        let since = Instant::now();
        Ok(Said { message, channel, request_id, since, is_early, bearer, _permit: permit })
    }

    /// Keeps a message.
    pub(crate) async fn accept(&self, incoming: Incoming<'_>) -> Result<Accepted, StoreError> {
        let begun = Instant::now();
        let accepted = self.store.accept(incoming).await?;
        match accepted {
            Accepted::Duplicate => measures::duplicate(incoming.channel),
            _ => measures::acknowledged(incoming.channel, begun.elapsed()),
        }
        Ok(accepted)
    }

    /// Gives a caller who waits the replies of a turn that somebody else runs, or has run.
    pub(crate) async fn repeat(self: Arc<Self>, mut said: Said) {
        if !matches!(said.bearer, Bearer::Caller(_)) {
            return;
        }
        let result = self.replies_of(&said).await;
        let result = result.map_err(|error| said.log("replies not repeated", error));
        said.bearer.tell(result);
    }

    async fn replies_of(&self, said: &Said) -> Outcome<()> {
        let Bearer::Caller(caller) = &said.bearer else { return Ok(()) };
        let key = said.key();
        loop {
            let mut end = self.ends.wait(&key);
            let kept = self.store.message(&key).await.map_err(failed)?;
            match kept.map(|kept| (kept.state, kept.progress.replies)) {
                Some((State::Pending, _)) => tokio::select! {
                    () = end.over() => {}
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                    () = self.stopping.cancelled() => return Err(TurnError::ShuttingDown),
                },
                Some((State::Dead(error), _)) => return Err(TurnError::Failed(error.into())),
                Some((State::Over | State::Superseded(_), replies)) => {
                    let sent = stepping::send(&*caller.output, &said.message.reply_to(), &replies).await;
                    return sent.map_err(|error| TurnError::Failed(error.into()));
                }
                None => return Err(TurnError::Failed("the message was forgotten meanwhile".into())),
            }
        }
    }
}

/// How long a caller waits for the word that a turn is over before the store is asked.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

impl Said {
    /// Tells the caller that there will be no answer.
    pub(crate) fn refuse(mut self, error: TurnError) {
        self.bearer.tell(Err(error));
    }

    /// Tells the log and the caller of a failure.
    pub(crate) fn fail(self, what: &'static str, error: TurnError) {
        let error = self.log(what, error);
        self.refuse(error);
    }

    pub(crate) fn log(&self, what: &'static str, error: TurnError) -> TurnError {
        let cause = match &error {
            TurnError::Failed(cause) => Causes(&**cause),
            other => Causes(other),
        };
        tracing::error!(
            channel = self.channel.channel().name(),
            instance = self.channel.instance(),
            message_id = self.message.message_id,
            request_id = self.request_id.as_ref().and_then(|id| id.to_str().ok()),
            error = %cause,
            "{what}"
        );
        error
    }
}
