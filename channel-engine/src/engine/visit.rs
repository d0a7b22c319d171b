//! What is done in a conversation that no message is the cause of.

use std::{future::ready, sync::Arc};

use channel_core::{
    Agent, AgentError, BoxFuture, ChannelState, Event, OutputChannel, Tracker, Turn, TurnError, UserMessage,
};
use tokio::sync::oneshot;

use super::{Engine, Outcome, failed};
use crate::{
    Conversation,
    lane::{Job, attempt_visit},
    lease::Lease,
    outbox::{Sends, Watch},
    stepping::{Destination, TurnOf},
};

/// A turn to be run: where, with what, and where its replies go.
#[derive(Clone)]
pub struct Visit {
    /// The conversation.
    pub conversation: Conversation,
    /// What there is to answer; where nobody said anything, an empty text.
    pub message: UserMessage,
    /// Where the replies go.
    pub replies: Replies,
    /// Whether reminders among the events are kept to. Events that tell of the past say no.
    pub reminders: bool,
}

/// Where replies go.
#[derive(Clone)]
pub enum Replies {
    /// There, at once, as the turn gives them.
    To(Arc<dyn OutputChannel>),
    /// Into the outbox, to be sent through this channel in the order of its conversation.
    Through(ChannelState),
}

/// What a visit came to.
pub struct Visited {
    /// What the conversation then is.
    pub tracker: Tracker,
    /// What becomes of the replies that went into the outbox.
    pub sends: Sends,
}

impl Engine {
    /// Does something in a conversation when its turn has come. What `work` adds to the tracker is kept, its replies go out.
    ///
    /// The place in the lane is taken by the call. Dropped, it goes on.
    ///
    /// # Errors
    ///
    /// The work failed, or there is no room for it. Of what it did, finished steps are kept.
    pub fn visit<W>(&self, visit: Visit, work: W) -> BoxFuture<'static, Outcome<Visited>>
    where
        W: for<'t, 'm> FnOnce(&'t dyn Agent, &'t mut Turn<'m>) -> BoxFuture<'t, Result<(), AgentError>>
            + Send
            + 'static,
    {
        let inner = Arc::clone(&self.0);
        self.in_lane(&visit.conversation.clone(), move |lease| {
            Box::pin(async move {
                let (watch, sends) = Watch::new();
                let destination = match visit.replies {
                    Replies::To(output) => Destination::Caller(output),
                    Replies::Through(channel) => Destination::Outbox(channel),
                };
                let turn = TurnOf {
                    conversation: &visit.conversation,
                    lease: &lease,
                    message: &visit.message,
                    key: None,
                    collected: &[],
                    destination,
                    done: 0,
                    repeats: false,
                    reminders: visit.reminders,
                    sends: Some(watch),
                };
                let tracker = attempt_visit(&inner, turn, work).await?;
                Ok(Visited { tracker, sends })
            })
        })
    }

    /// Puts these events in place of a conversation's, and returns what it then is.
    ///
    /// # Errors
    ///
    /// The store can't be written, or the engine is about to stop.
    pub fn replace(
        &self,
        conversation: Conversation,
        events: Vec<Event>,
    ) -> BoxFuture<'static, Outcome<Tracker>> {
        let inner = Arc::clone(&self.0);
        self.in_lane(&conversation.clone(), move |lease| {
            Box::pin(async move {
                let tracker = inner.tracker_of(&conversation, events);
                inner.warm.take(&conversation, lease.number);
                let replaced = inner.store.replace(&conversation, lease.number, tracker.events()).await;
                replaced.map_err(failed)?;
                Ok(tracker)
            })
        })
    }

    /// Forgets a conversation's events; whether there were any.
    ///
    /// # Errors
    ///
    /// The store can't be written, or the engine is about to stop.
    pub fn remove(&self, conversation: Conversation) -> BoxFuture<'static, Outcome<bool>> {
        let inner = Arc::clone(&self.0);
        self.in_lane(&conversation.clone(), move |lease| {
            Box::pin(async move {
                inner.warm.take(&conversation, lease.number);
                inner.store.remove(&conversation, lease.number).await.map_err(failed)
            })
        })
    }

    /// Does something when the conversation's turn has come.
    fn in_lane<T, W>(&self, conversation: &Conversation, work: W) -> BoxFuture<'static, Outcome<T>>
    where
        T: Send + 'static,
        W: FnOnce(Arc<Lease>) -> BoxFuture<'static, Outcome<T>> + Send + 'static,
    {
        let permit = match self.0.admit() {
            Ok(permit) => permit,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        let (answer, answered) = oneshot::channel();
        let work = move |held: Outcome<Arc<Lease>>| -> BoxFuture<'static, ()> {
            Box::pin(async move {
                let result = match held {
                    Ok(lease) => work(lease).await,
                    Err(error) => Err(error),
                };
                drop(permit);
                // Whoever asked may be gone.
                let _ = answer.send(result);
            })
        };
        self.0.enter(conversation, Job::Visit(Box::new(work)));
        Box::pin(async move { answered.await.unwrap_or(Err(TurnError::ShuttingDown)) })
    }
}
