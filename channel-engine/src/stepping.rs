//! The steps of a turn: what each did is kept as a whole, then its replies go out.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use channel_core::{
    AgentError, BotMessage, BoxError, Capabilities, ChannelState, EventVerbosity, OutputChannel, Recipient,
    Steps, Tracker, UserMessage, async_trait,
};

use crate::{
    Conversation, Due, MessageKey, Outgoing, Outward, Scheduled, Step, StoreError,
    engine::Inner,
    lane::reminder_of,
    lease::Lease,
    outbox::{Ready, Watch},
};

/// A turn to be run.
pub(crate) struct TurnOf<'a> {
    pub(crate) conversation: &'a Conversation,
    pub(crate) lease: &'a Arc<Lease>,
    pub(crate) message: &'a UserMessage,
    /// The message's key; `None` where nobody said anything.
    pub(crate) key: Option<&'a MessageKey>,
    /// The messages whose texts are part of the message's.
    pub(crate) collected: &'a [MessageKey],
    pub(crate) destination: Destination,
    /// So many steps were kept before.
    pub(crate) done: u32,
    /// Whether those are run again: the agent begins anew.
    pub(crate) repeats: bool,
    /// Whether reminders among the events are kept to.
    pub(crate) reminders: bool,
    /// Who wants to know what becomes of the replies.
    pub(crate) sends: Option<Watch>,
}

/// Where replies go.
pub(crate) enum Destination {
    /// To a caller who waits, at once.
    Caller(Arc<dyn OutputChannel>),
    /// Into the outbox, to be sent through this channel.
    Outbox(ChannelState),
    /// Into the outbox, to be sent through the channel of this address once it is mounted again.
    Absent(Arc<str>),
    /// Nowhere: the caller is gone. They stay with the message, for whoever delivers it again.
    Nobody(Arc<str>),
}

/// Why a turn could not be kept.
pub(crate) enum Failure {
    Fenced,
    Store(BoxError),
}

impl Failure {
    pub(crate) fn into_cause(self) -> BoxError {
        match self {
            Self::Fenced => StoreError::Fenced.into(),
            Self::Store(error) => error,
        }
    }
}

/// The steps of one turn.
pub(crate) struct Stepping<'a> {
    inner: &'a Inner,
    turn: TurnOf<'a>,
    to: Recipient,
    name: String,
    /// How many of the tracker's events the store has.
    kept: AtomicUsize,
    steps: AtomicU32,
    is_last: AtomicBool,
    failure: Mutex<Option<Failure>>,
    /// Held as long as the store keeps a step.
    keeping: tokio::sync::Mutex<()>,
}

impl<'a> Stepping<'a> {
    /// The steps of a turn that begins where the tracker is.
    pub(crate) fn new(inner: &'a Inner, turn: TurnOf<'a>, tracker: &Tracker) -> Self {
        let to = turn.message.reply_to();
        let name = turn.destination.name(&to);
        let kept = AtomicUsize::new(tracker.events().len());
        Self {
            inner,
            turn,
            to,
            name,
            kept,
            steps: AtomicU32::new(0),
            is_last: AtomicBool::new(false),
            failure: Mutex::default(),
            keeping: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn message(&self) -> &'a UserMessage {
        self.turn.message
    }

    /// The next step is the last one.
    pub(crate) fn begin_last(&self) {
        self.is_last.store(true, Ordering::Relaxed);
    }

    /// Waits until no step is on its way into the store.
    pub(crate) async fn between(&self) {
        drop(self.keeping.lock().await);
    }

    /// Why a step could not be kept, if one could not.
    pub(crate) fn failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Gives a caller who waits what the steps said that were kept before.
    pub(crate) async fn repeat(&self, replies: &[BotMessage]) -> Result<(), AgentError> {
        match &self.turn.destination {
            Destination::Caller(output) => send(&**output, &self.to, replies).await,
            _ => Ok(()),
        }
    }

    fn fail(&self, error: StoreError) -> AgentError {
        let told = AgentError::new(error.to_string());
        let failure = match error {
            StoreError::Fenced => Failure::Fenced,
            error => Failure::Store(error.into()),
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
        told
    }

    /// An agent that goes on after a step could not be kept would go on without it.
    fn check(&self) -> Result<(), AgentError> {
        let failed = self.failure.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if failed { Err(AgentError::new("an earlier step of this turn could not be kept")) } else { Ok(()) }
    }

    /// What is to happen later: the replies with a time, and the reminders among the events.
    fn schedule(
        &self,
        tracker: &Tracker,
        from: usize,
        later: Vec<(SystemTime, BotMessage)>,
    ) -> Vec<Scheduled> {
        let Some(channel) = self.turn.destination.channel(&self.turn) else { return Vec::new() };
        let at = |due, what| Scheduled { due, channel: Arc::clone(&channel), what };
        let replies =
            later.into_iter().map(|(due, reply)| at(due, Due::Reply(self.to.clone(), Box::new(reply))));
        let to = self.turn.message.recipient.as_ref();
        let sender_id = &self.turn.conversation.sender_id;
        let reminders = tracker.events()[from..].iter().filter(|_| self.turn.reminders).filter_map(|event| {
            let (due, message) = reminder_of(event, sender_id, to)?;
            Some(at(due, Due::Message(Box::new(message))))
        });
        replies.chain(reminders).collect()
    }

    /// The replies are kept: they go out.
    async fn go_out(
        &self,
        tracker: &Tracker,
        ids: Vec<u64>,
        replies: Vec<BotMessage>,
    ) -> Result<(), AgentError> {
        match &self.turn.destination {
            Destination::Caller(output) => {
                set_state(&**output, tracker);
                send(&**output, &self.to, &replies).await
            }
            Destination::Outbox(channel) => {
                let output = channel.channel().output_channel(&self.to);
                if let Some(watch) = &self.turn.sends {
                    watch.queued(&replies);
                }
                if let Some(output) = &output {
                    set_state(&**output, tracker);
                }
                let trace_id = self.turn.message.trace_id().map(Arc::from);
                let ready = ids.into_iter().zip(replies).map(|(id, reply)| Ready {
                    outgoing: Outgoing {
                        id,
                        channel: Arc::clone(channel.address()),
                        to: self.to.clone(),
                        reply,
                        attempts: 0,
                        retry_at: None,
                    },
                    output: output.clone(),
                    watch: self.turn.sends.clone(),
                    trace_id: trace_id.clone(),
                    is_partial: false,
                });
                self.inner.send(self.turn.conversation, self.turn.lease, ready);
                Ok(())
            }
            Destination::Absent(_) | Destination::Nobody(_) => Ok(()),
        }
    }
}

#[async_trait]
impl Steps for Stepping<'_> {
    fn channel(&self) -> &str {
        &self.name
    }

    /// A kill before the store returns leaves the step undone, or done without its replies sent: those are found in the
    /// outbox. A kill after it finds them there, too.
    async fn commit(
        &self,
        tracker: &Tracker,
        mut replies: Vec<BotMessage>,
        mut later: Vec<(SystemTime, BotMessage)>,
    ) -> Result<(), AgentError> {
        self.check()?;
        let is_last = self.is_last.load(Ordering::Relaxed);
        let ends = is_last && self.turn.key.is_some();
        let count = tracker.events().len();
        let mut from = self.kept.swap(count, Ordering::Relaxed);
        if from == count && replies.is_empty() && later.is_empty() && !ends {
            return Ok(());
        }
        let mut number = self.steps.fetch_add(1, Ordering::Relaxed);
        if !self.turn.repeats {
            number += self.turn.done;
        } else if number < self.turn.done {
            if !ends {
                return Ok(());
            }
            // All that it did was kept before; that it is over was not.
            (from, replies, later) = (count, Vec::new(), Vec::new());
            number = self.turn.done;
        }
        let events = &tracker.events()[from..];
        let channel = self.turn.destination.outbox();
        let schedule = self.schedule(tracker, from, later);
        let step = Step {
            conversation: self.turn.conversation,
            number,
            lease: self.turn.lease.number,
            events,
            replies: &replies,
            outward: channel.map(|channel| Outward { channel, to: &self.to }),
            message: self.turn.key,
            is_last,
            supersedes: self.turn.collected,
            schedule: &schedule,
        };
        let keeping = self.keeping.lock().await;
        let goes_out = channel.is_some() && !replies.is_empty();
        let _expected = goes_out.then(|| self.inner.outbox.expect(self.turn.conversation));
        let ids = self.inner.store.commit(step).await.map_err(|error| self.fail(error))?;
        // Unless they go to a caller, the replies are handed over before anybody can cut the turn short.
        drop(keeping);
        if let Some(due) = schedule.iter().map(|scheduled| scheduled.due).min() {
            self.inner.clock.set(due);
        }
        self.go_out(tracker, ids, replies).await
    }
}

impl Destination {
    /// The name that variations of responses are chosen by.
    fn name(&self, to: &Recipient) -> String {
        match self {
            Self::Caller(output) => output.name().to_owned(),
            Self::Outbox(channel) => {
                let output = channel.channel().output_channel(to);
                output.map_or_else(|| channel.channel().name().to_owned(), |output| output.name().to_owned())
            }
            Self::Absent(channel) | Self::Nobody(channel) => {
                channel.split('/').next().unwrap_or_default().to_owned()
            }
        }
    }

    /// What is shown of replies; `None` where nobody gets them now.
    pub(crate) fn capabilities(&self, to: &Recipient) -> Option<Capabilities> {
        match self {
            Self::Caller(output) => Some(output.capabilities()),
            Self::Outbox(channel) => Some(channel.channel().output_channel(to)?.capabilities()),
            Self::Absent(_) | Self::Nobody(_) => None,
        }
    }

    fn outbox(&self) -> Option<&Arc<str>> {
        match self {
            Self::Outbox(channel) => Some(channel.address()),
            Self::Absent(channel) => Some(channel),
            Self::Caller(_) | Self::Nobody(_) => None,
        }
    }

    /// The channel through which the user is written to later.
    fn channel(&self, turn: &TurnOf<'_>) -> Option<Arc<str>> {
        match (self, turn.key) {
            (Self::Outbox(channel), _) => Some(Arc::clone(channel.address())),
            (Self::Absent(channel) | Self::Nobody(channel), _) => Some(Arc::clone(channel)),
            (Self::Caller(_), Some(key)) => Some(Arc::clone(&key.channel)),
            (Self::Caller(_), None) => {
                Some(Arc::clone(&turn.conversation.channel)).filter(|name| !name.is_empty())
            }
        }
    }
}

fn set_state(output: &dyn OutputChannel, tracker: &Tracker) {
    if output.wants_tracker_state() {
        output.set_tracker_state(Arc::new(tracker.state(EventVerbosity::AfterRestart)));
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
