//! From a message to its turn: one after the other in a conversation, conversations side by side.

use std::{
    future::ready,
    sync::{Arc, LazyLock},
};

use channel_core::{
    Agent, AgentError, Arrival, BoxFuture, ChannelState, Event, Intake, OutputChannel, Tracker, Turn,
    TurnError, UserMessage, axum::http::HeaderValue,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::{TaskTracker, task_tracker::TaskTrackerToken};

use crate::{
    Accepted, Causes, Conversation, MessageKey, Store, StoreError,
    detached::Detached,
    lanes::{Entered, Lanes},
    turn::{self, Stepping},
    warm::Warm,
};

/// The channel of conversations that all channels share.
static SHARED: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(""));

/// Runs the turns of every conversation. A clone is the same engine.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    agent: Arc<dyn Agent>,
    store: Arc<dyn Store>,
    lanes: Lanes,
    warm: Warm,
    waiting: Arc<Semaphore>,
    tasks: TaskTracker,
    shared: bool,
}

/// How much an engine takes on.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many messages may be at work or wait for their turn: 10,000. A further one is [`TurnError::Busy`].
    pub waiting: usize,
    /// How many of the conversations that were spoken in last need not be loaded from the store: 2,000, which takes
    /// about 10 kB for each after a few turns.
    pub warm: usize,
    /// Whether one sender has one conversation through all channels, as in Rasa. Who can name a sender's id on one
    /// channel then goes on with that sender's conversation on another.
    pub shared: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { waiting: 10_000, warm: 2_000, shared: false }
    }
}

/// A turn to be run: where, with what, and where its replies go.
#[derive(Clone)]
pub struct Visit {
    /// The conversation.
    pub conversation: Conversation,
    /// What there is to answer; where nobody said anything, an empty text.
    pub message: UserMessage,
    /// Where the replies go.
    pub output: Arc<dyn OutputChannel>,
}

type Outcome<T> = Result<T, TurnError>;

impl Engine {
    /// An engine for this agent, which keeps conversations in this store.
    pub fn new(agent: Arc<dyn Agent>, store: Arc<dyn Store>, options: Options) -> Self {
        Self(Arc::new(Inner {
            agent,
            store,
            lanes: Lanes::default(),
            warm: Warm::new(options.warm),
            waiting: Arc::new(Semaphore::new(options.waiting.min(Semaphore::MAX_PERMITS))),
            tasks: TaskTracker::new(),
            shared: options.shared,
        }))
    }

    /// Who answers.
    pub fn agent(&self) -> &dyn Agent {
        &*self.0.agent
    }

    /// The turns that run or wait, and the tasks that go on without a caller: what to wait for at the end. Closed, the
    /// engine takes no further work.
    pub fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    /// The conversation with a sender through a channel.
    pub fn conversation(&self, channel: &ChannelState, sender_id: &str) -> Conversation {
        self.named(channel.address(), sender_id)
    }

    /// The conversation with a sender through the channel of this address: its name, with `/` and the instance where it
    /// has several.
    pub fn named(&self, address: &Arc<str>, sender_id: &str) -> Conversation {
        let channel = if self.0.shared { &*SHARED } else { address };
        Conversation::new(Arc::clone(channel), sender_id)
    }

    /// The conversations with a sender, through whatever channels, sorted by channel.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    pub async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
        self.0.store.find(sender_id).await
    }

    /// What the store knows of a conversation; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The store can't be read.
    pub async fn tracker(&self, conversation: &Conversation) -> Result<Option<Tracker>, StoreError> {
        let events = self.0.store.load(conversation).await?;
        Ok(events.map(|events| self.0.tracker_of(conversation, events)))
    }

    /// Does something in a conversation when its turn has come, and returns what the conversation then is. What `work`
    /// adds to the tracker is kept, its replies are sent.
    ///
    /// Dropped before its end, it goes on in a task of its own.
    ///
    /// # Errors
    ///
    /// The work failed, or there is no room for it. Of what it did, finished steps are kept.
    pub fn visit<W>(&self, visit: Visit, work: W) -> BoxFuture<'static, Outcome<Tracker>>
    where
        W: for<'t, 'm> FnOnce(&'t dyn Agent, &'t mut Turn<'m>) -> BoxFuture<'t, Result<(), AgentError>>
            + Send
            + 'static,
    {
        let inner = Arc::clone(&self.0);
        self.in_lane(&visit.conversation.clone(), async move {
            let mut tracker = inner.take_tracker(&visit.conversation).await?;
            inner.turn(&visit, None, &mut tracker, work).await?;
            inner.warm.put(visit.conversation, tracker.clone());
            Ok(tracker)
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
        self.in_lane(&conversation.clone(), async move {
            let tracker = inner.tracker_of(&conversation, events);
            inner.warm.take(&conversation);
            inner.store.replace(&conversation, tracker.events()).await.map_err(failed)?;
            Ok(tracker)
        })
    }

    /// Forgets a conversation; whether there was one.
    ///
    /// # Errors
    ///
    /// The store can't be written, or the engine is about to stop.
    pub fn remove(&self, conversation: Conversation) -> BoxFuture<'static, Outcome<bool>> {
        let inner = Arc::clone(&self.0);
        self.in_lane(&conversation.clone(), async move {
            inner.warm.take(&conversation);
            inner.store.remove(&conversation).await.map_err(failed)
        })
    }

    /// Does something when the conversation's turn has come. The place in its lane is taken by the call, and whoever
    /// runs it counts as a turn until it ends or is dropped.
    fn in_lane<T: Send + 'static>(
        &self,
        conversation: &Conversation,
        work: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> BoxFuture<'static, Outcome<T>> {
        match self.begin(conversation) {
            Ok(turn) => Box::pin(Detached::new(Box::pin(async move {
                let _turn = turn.await;
                work.await
            }))),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    /// A place in the conversation's lane, which counts from now on until it is dropped.
    fn begin(&self, conversation: &Conversation) -> Outcome<impl Future<Output = Place> + Send + use<>> {
        // Before the look at whether the end has come: who waits for the end waits for this one, or it is refused.
        let token = self.0.tasks.token();
        if self.0.tasks.is_closed() {
            return Err(TurnError::ShuttingDown);
        }
        let permit = Arc::clone(&self.0.waiting).try_acquire_owned().map_err(|_| TurnError::Busy)?;
        let place = self.0.lanes.enter(conversation);
        Ok(async move { Place { _lane: place.await, _counted: (permit, token) } })
    }

    fn visit_of(&self, arrival: Arrival) -> (Visit, Origin) {
        let Arrival { message, channel, output, request_id, .. } = arrival;
        let conversation = self.conversation(&channel, &message.sender_id);
        (Visit { conversation, message, output }, Origin { channel, request_id })
    }
}

impl Intake for Engine {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Outcome<()>> {
        let (visit, origin) = self.visit_of(arrival);
        let inner = Arc::clone(&self.0);
        // Accepted only when its turn has come: of two messages with one id, the one that is first in the lane is new.
        self.in_lane(&visit.conversation.clone(), async move {
            match inner.accept(&visit, &origin).await? {
                Accepted::New => inner.answer(visit, &origin).await,
                Accepted::Duplicate => inner.repeat(&visit, &origin).await,
            }
        })
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Outcome<()>> {
        let (visit, origin) = self.visit_of(arrival);
        let place = match self.begin(&visit.conversation) {
            Ok(place) => place,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        let inner = Arc::clone(&self.0);
        Box::pin(Detached::new(Box::pin(async move {
            let accepted = inner.accept(&visit, &origin).await?;
            if accepted == Accepted::New {
                tokio::spawn(async move {
                    let _place = place.await;
                    // A failure is logged by the turn itself.
                    let _ = inner.answer(visit, &origin).await;
                });
            }
            Ok(())
        })))
    }
}

/// A turn's place at the head of its lane. Dropped, the next one's turn has come.
struct Place {
    _lane: Entered,
    _counted: (OwnedSemaphorePermit, TaskTrackerToken),
}

/// Where a message came from, for the log.
struct Origin {
    channel: ChannelState,
    request_id: Option<HeaderValue>,
}

impl Inner {
    async fn accept(&self, visit: &Visit, origin: &Origin) -> Outcome<Accepted> {
        let accepted = self.store.accept(&visit.conversation, &visit.message).await;
        accepted.map_err(|error| origin.log(&visit.message, "message not accepted", failed(error)))
    }

    /// Runs the message's turn.
    async fn answer(&self, visit: Visit, origin: &Origin) -> Outcome<()> {
        let result = self.answer_new(visit.clone()).await;
        result.map_err(|error| origin.log(&visit.message, "turn failed", error))
    }

    async fn answer_new(&self, visit: Visit) -> Outcome<()> {
        let key = MessageKey::of(&visit.conversation, &visit.message);
        let result = async {
            let mut tracker = self.take_tracker(&visit.conversation).await?;
            self.turn(&visit, Some(&key), &mut tracker, |agent, turn| agent.handle(turn)).await?;
            Ok(tracker)
        };
        match result.await {
            Ok(tracker) => {
                self.warm.put(visit.conversation, tracker);
                Ok(())
            }
            Err(error) => {
                self.store.fail(&key).await.map_err(failed)?;
                Err(error)
            }
        }
    }

    /// Sends the replies of the turn that a message of this id had before.
    async fn repeat(&self, visit: &Visit, origin: &Origin) -> Outcome<()> {
        let result = self.send_replies(visit).await;
        result.map_err(|error| origin.log(&visit.message, "replies not repeated", error))
    }

    async fn send_replies(&self, visit: &Visit) -> Outcome<()> {
        let key = MessageKey::of(&visit.conversation, &visit.message);
        let replies = self.store.replies(&key).await.map_err(failed)?.ok_or_else(not_over)?;
        turn::send(&*visit.output, &visit.message.reply_to(), &replies)
            .await
            .map_err(|error| TurnError::Failed(error.into()))
    }

    /// The conversation's tracker, which nobody else has: the lane is held.
    async fn take_tracker(&self, conversation: &Conversation) -> Outcome<Tracker> {
        if let Some(tracker) = self.warm.take(conversation) {
            return Ok(tracker);
        }
        let events = self.store.load(conversation).await.map_err(failed)?;
        Ok(self.tracker_of(conversation, events.unwrap_or_default()))
    }

    fn tracker_of(&self, conversation: &Conversation, events: Vec<Event>) -> Tracker {
        let sender_id = &*conversation.sender_id;
        let mut tracker = match self.agent.dialogue() {
            Some(dialogue) => dialogue.tracker(sender_id),
            None => Tracker::new(sender_id),
        };
        tracker.extend(events);
        tracker
    }

    async fn turn<W>(
        &self,
        visit: &Visit,
        message: Option<&MessageKey>,
        tracker: &mut Tracker,
        work: W,
    ) -> Outcome<()>
    where
        W: for<'t, 'm> FnOnce(&'t dyn Agent, &'t mut Turn<'m>) -> BoxFuture<'t, Result<(), AgentError>>
            + Send,
    {
        let steps = Stepping::new(&*self.store, visit, message, tracker);
        turn::run(&*self.agent, &visit.message, tracker, &steps, work).await.map_err(TurnError::Failed)
    }
}

impl Origin {
    fn log(&self, message: &UserMessage, what: &'static str, error: TurnError) -> TurnError {
        let cause = match &error {
            TurnError::Failed(cause) => Causes(&**cause),
            other => Causes(other),
        };
        tracing::error!(
            channel = self.channel.channel().name(),
            instance = self.channel.instance(),
            message_id = message.message_id,
            request_id = self.request_id.as_ref().and_then(|id| id.to_str().ok()),
            error = %cause,
            "{what}"
        );
        error
    }
}

/// The first one was taken on for later, and is behind this one in the lane.
fn not_over() -> TurnError {
    TurnError::Failed(
        "a message of this id was accepted before, and its turn is not over; deliver it again".into(),
    )
}

fn failed(error: StoreError) -> TurnError {
    TurnError::Failed(error.into())
}
