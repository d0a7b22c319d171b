//! One turn: the agent is asked; step by step, what it did is kept and its replies are sent.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use channel_core::{
    Agent, AgentError, BotMessage, BoxError, BoxFuture, EventVerbosity, OutputChannel, Recipient, Steps,
    Tracker, Turn, UserMessage, async_trait,
};
use futures_util::FutureExt as _;

use crate::{MessageKey, Step, Store, Visit};

/// Runs a turn to the end of its last step. A panic of the agent is a failure of this turn and of nothing else.
pub(crate) async fn run<W>(
    agent: &dyn Agent,
    message: &UserMessage,
    tracker: &mut Tracker,
    steps: &Stepping<'_>,
    work: W,
) -> Result<(), BoxError>
where
    W: for<'t, 'm> FnOnce(&'t dyn Agent, &'t mut Turn<'m>) -> BoxFuture<'t, Result<(), AgentError>> + Send,
{
    let turn = async {
        let mut turn = Turn::new(message, tracker, steps);
        work(agent, &mut turn).await?;
        steps.begin_last();
        turn.finish().await
    };
    match AssertUnwindSafe(turn).catch_unwind().await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err("the agent panicked".into()),
    }
}

/// Sends messages, one after the other.
pub(crate) async fn send(
    output: &dyn OutputChannel,
    to: &Recipient,
    messages: &[BotMessage],
) -> Result<(), AgentError> {
    for message in messages {
        output.send(to, message).await?;
    }
    Ok(())
}

/// The steps of one turn.
pub(crate) struct Stepping<'a> {
    store: &'a dyn Store,
    visit: &'a Visit,
    message: Option<&'a MessageKey>,
    to: Recipient,
    /// How many of the tracker's events the store has.
    kept: AtomicUsize,
    is_last: std::sync::atomic::AtomicBool,
}

impl<'a> Stepping<'a> {
    /// The steps of a turn that begins where the tracker is.
    pub(crate) fn new(
        store: &'a dyn Store,
        visit: &'a Visit,
        message: Option<&'a MessageKey>,
        tracker: &Tracker,
    ) -> Self {
        let to = visit.message.reply_to();
        let kept = AtomicUsize::new(tracker.events().len());
        Self { store, visit, message, to, kept, is_last: false.into() }
    }

    /// The next step is the last one.
    fn begin_last(&self) {
        self.is_last.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Steps for Stepping<'_> {
    fn channel(&self) -> &str {
        self.visit.output.name()
    }

    async fn commit(&self, tracker: &Tracker, replies: Vec<BotMessage>) -> Result<(), AgentError> {
        let events = &tracker.events()[self.kept.load(Ordering::Relaxed)..];
        let is_last = self.is_last.load(Ordering::Relaxed);
        if events.is_empty() && replies.is_empty() && !(is_last && self.message.is_some()) {
            return Ok(());
        }
        let step = Step {
            conversation: &self.visit.conversation,
            events,
            replies: &replies,
            message: self.message,
            is_last,
        };
        self.store.commit(step).await.map_err(AgentError::new)?;
        self.kept.store(tracker.events().len(), Ordering::Relaxed);
        if self.visit.output.wants_tracker_state() {
            let state = tracker.state(EventVerbosity::AfterRestart);
            self.visit.output.set_tracker_state(Arc::new(state));
        }
        send(&*self.visit.output, &self.to, &replies).await
    }
}
