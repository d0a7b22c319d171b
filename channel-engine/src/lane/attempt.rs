//! One try of a turn: the agent is asked; step by step, what it did is kept and its replies go out.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use channel_core::{Agent, AgentError, BoxError, BoxFuture, Concurrency, Event, Tracker, Turn, chosen};
use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep};

use super::{Bearer, answer::Asked, reminder::is_void, work::Worker};
use crate::{
    Conversation, StoreError,
    engine::Inner,
    lease::Lease,
    measures,
    stepping::{Destination, Failure, Stepping, TurnOf},
};

/// What came of a try.
pub(super) enum Attempt {
    /// The turn is over.
    Answered,
    /// The message of this id takes its place.
    Interrupted(Arc<str>),
    /// The agent failed, or took too long, or a caller could not be sent a reply.
    Failed(BoxError),
    /// A step could not be kept, or the conversation not be read.
    StoreFailed(BoxError),
    /// Another server has taken the conversation over.
    Fenced,
}

impl Worker<'_> {
    pub(super) async fn attempt(&mut self, asked: &Asked, lease: &Arc<Lease>) -> Attempt {
        let is_interruptible = asked.concurrency(self.inner) == Concurrency::Interrupt;
        let interrupted = async {
            if is_interruptible { self.lane.kept_message().await } else { std::future::pending().await }
        };
        let attempt = attempt(self.inner, self.conversation, asked, lease, interrupted);
        match AssertUnwindSafe(attempt).catch_unwind().await {
            Ok(attempt) => attempt,
            Err(_) => Attempt::Failed("the channel panicked".into()),
        }
    }
}

async fn attempt(
    inner: &Arc<Inner>,
    conversation: &Conversation,
    asked: &Asked,
    lease: &Arc<Lease>,
    interrupted: impl Future<Output = Arc<str>>,
) -> Attempt {
    let channel = &asked.pending.channel;
    let begun = Instant::now();
    if let Some(said) = &asked.said {
        measures::waited(channel, said.since.elapsed());
    }
    let progress = &asked.pending.progress;
    let resumes = inner.agent.resumes();
    let mut tracker = match inner.take_tracker(conversation, lease, progress.steps == 0).await {
        Ok(events) if resumes || progress.steps == 0 => events,
        Ok(tracker) => inner.without_last(conversation, &tracker, progress.events),
        Err(error) => return Attempt::of_store(error),
    };
    if is_void(&asked.pending.message, &tracker) {
        let ended = inner.store.supersede(&asked.keys(), lease.number, "the reminder was taken back").await;
        inner.warm.put(conversation.clone(), lease.number, tracker);
        return ended.map_or_else(Attempt::of_store, |()| Attempt::Answered);
    }
    let key = asked.key();
    let destination = asked.destination(inner);
    let message = &asked.pending.message;
    let choice =
        destination.capabilities(&message.reply_to()).and_then(|shown| chosen(message, &tracker, &shown));
    let turn = TurnOf {
        conversation,
        lease,
        message: choice.as_ref().unwrap_or(message),
        key: Some(&key),
        collected: &asked.collected,
        destination,
        done: progress.steps,
        repeats: !resumes,
        reminders: true,
        sends: None,
    };
    let steps = Stepping::new(inner, turn, &tracker);
    if let Err(error) = steps.repeat(&progress.replies).await {
        return Attempt::Failed(error.into());
    }
    let run = run(&*inner.agent, &mut tracker, &steps, |agent, turn| agent.handle(turn));
    let limit = inner.options.turn_timeout;
    match (unless_cut_short(&steps, limit, interrupted, run).await, steps.failure()) {
        (_, Some(Failure::Fenced)) => Attempt::Fenced,
        (_, Some(Failure::Store(error))) => Attempt::StoreFailed(error),
        (Ok(Ok(())), None) => {
            measures::turn(channel, begun.elapsed());
            // One that went on after a failure may have been told otherwise than is kept.
            if progress.steps == 0 {
                inner.warm.put(conversation.clone(), lease.number, tracker);
            }
            Attempt::Answered
        }
        (Ok(Err(error)), None) => Attempt::Failed(error),
        (Err(Cut::Interrupted(by)), None) => Attempt::Interrupted(by),
        (Err(Cut::TooLong), None) => Attempt::Failed(took_longer_than(limit)),
    }
}

/// Why a turn is cut short.
enum Cut {
    TooLong,
    /// By the message of this id.
    Interrupted(Arc<str>),
}

/// Runs a turn that is cut short in time: between its steps, since nobody knows of one that is given up halfway whether it
/// is kept.
async fn unless_cut_short<T>(
    steps: &Stepping<'_>,
    limit: Duration,
    interrupted: impl Future<Output = Arc<str>>,
    run: impl Future<Output = T>,
) -> Result<T, Cut> {
    let cut = async {
        let cut = tokio::select! {
            () = sleep(limit) => Cut::TooLong,
            by = interrupted => Cut::Interrupted(by),
        };
        steps.between().await;
        cut
    };
    tokio::select! {
        biased;
        result = run => Ok(result),
        cut = cut => Err(cut),
    }
}

fn took_longer_than(limit: Duration) -> BoxError {
    format!("the agent took longer than {} seconds", limit.as_secs_f32()).into()
}

/// Runs a turn that no message is the cause of.
pub(crate) async fn attempt_visit<W>(
    inner: &Inner,
    turn: TurnOf<'_>,
    work: W,
) -> Result<Tracker, channel_core::TurnError>
where
    W: for<'t, 'm> FnOnce(&'t dyn Agent, &'t mut Turn<'m>) -> BoxFuture<'t, Result<(), AgentError>> + Send,
{
    let (conversation, lease) = (turn.conversation, turn.lease);
    let mut tracker = inner.take_tracker(conversation, lease, true).await.map_err(crate::engine::failed)?;
    let steps = Stepping::new(inner, turn, &tracker);
    let limit = inner.options.turn_timeout;
    let run = run(&*inner.agent, &mut tracker, &steps, work);
    let result = unless_cut_short(&steps, limit, std::future::pending(), run).await;
    if let Some(failure) = steps.failure() {
        return Err(channel_core::TurnError::Failed(failure.into_cause()));
    }
    result.unwrap_or_else(|_| Err(took_longer_than(limit))).map_err(channel_core::TurnError::Failed)?;
    inner.warm.put(conversation.clone(), lease.number, tracker.clone());
    Ok(tracker)
}

/// Runs a turn to the end of its last step. A panic of the agent is a failure of this turn and of nothing else.
async fn run<W>(
    agent: &dyn Agent,
    tracker: &mut Tracker,
    steps: &Stepping<'_>,
    work: W,
) -> Result<(), BoxError>
where
    W: for<'t, 'm> FnOnce(&'t dyn Agent, &'t mut Turn<'m>) -> BoxFuture<'t, Result<(), AgentError>> + Send,
{
    let turn = async {
        let mut turn = Turn::new(steps.message(), tracker, steps);
        work(agent, &mut turn).await?;
        steps.begin_last();
        turn.finish().await
    };
    match AssertUnwindSafe(turn).catch_unwind().await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err("the agent panicked".into()),
    }
}

impl Attempt {
    fn of_store(error: StoreError) -> Self {
        match error {
            StoreError::Fenced => Self::Fenced,
            error => Self::StoreFailed(error.into()),
        }
    }
}

impl Asked {
    /// Where the replies go.
    fn destination(&self, inner: &Inner) -> Destination {
        let channel = Arc::clone(&self.pending.channel);
        match self.said.as_ref().map(|said| (&said.bearer, &said.channel)) {
            Some((Bearer::Caller(caller), _)) => Destination::Caller(Arc::clone(&caller.output)),
            Some((Bearer::Platform { .. }, state)) if !self.pending.waits => {
                Destination::Outbox(state.clone())
            }
            _ if self.pending.waits => Destination::Nobody(channel),
            _ => match inner.channel(&channel) {
                // It can only answer, and whoever waited for that is gone.
                Some(state) if state.channel().output_channel(&self.pending.message.reply_to()).is_none() => {
                    Destination::Nobody(channel)
                }
                Some(state) => Destination::Outbox(state),
                None => Destination::Absent(channel),
            },
        }
    }
}

impl Inner {
    /// The tracker without so many of its last events.
    fn without_last(&self, conversation: &Conversation, tracker: &Tracker, count: u64) -> Tracker {
        let kept = tracker.events().len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
        let events: Vec<Event> = tracker.events()[..kept].iter().map(|event| (**event).clone()).collect();
        self.tracker_of(conversation, events)
    }
}
