//! The engine: from a message to its turn, and from its replies to the platform.

mod background;
mod intake;
mod options;
mod visit;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, LazyLock, Mutex, PoisonError, RwLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use channel_core::{Agent, ChannelState, Event, Tracker, TurnError};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use options::{Options, Retention};
pub use visit::{Replies, Visit, Visited};

use crate::{
    Conversation, Notice, Store, StoreError,
    clock::Clock,
    ends::Ends,
    lane::{Job, Lanes, work},
    lease::{Lease, Leases},
    outbox::{Outbox, Ready},
    warm::Warm,
};

/// The channel of conversations that all channels share.
static SHARED: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(""));

/// Runs the turns of every conversation, and sends what they say. A clone is the same engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) this: Weak<Inner>,
    pub(crate) agent: Arc<dyn Agent>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) options: Options,
    pub(crate) lanes: Lanes,
    pub(crate) leases: Leases,
    pub(crate) warm: Warm,
    pub(crate) ends: Ends,
    pub(crate) outbox: Outbox,
    pub(crate) clock: Clock,
    /// Other servers have the store, too.
    pub(crate) is_shared: bool,
    /// What was left from before the start is not taken up yet.
    pub(crate) recovering: AtomicBool,
    is_started: AtomicBool,
    pub(crate) stopping: CancellationToken,
    pub(crate) tasks: TaskTracker,
    /// Conversations of which the store did not say what it has.
    doubtful: Mutex<HashSet<Conversation>>,
    waiting: Arc<Semaphore>,
    channels: RwLock<HashMap<Arc<str>, ChannelState>>,
    notices: Mutex<Option<mpsc::Receiver<Notice>>>,
}

pub(crate) type Outcome<T> = Result<T, TurnError>;

impl Engine {
    /// An engine for this agent, which keeps messages, conversations and replies in this store.
    pub fn new(agent: Arc<dyn Agent>, store: Arc<dyn Store>, options: Options) -> Self {
        let notices = store.notices();
        let is_shared = notices.is_some();
        Self(Arc::new_cyclic(|this| Inner {
            this: Weak::clone(this),
            agent,
            store,
            lanes: Lanes::default(),
            leases: Leases::new(is_shared),
            warm: Warm::new(options.warm),
            ends: Ends::default(),
            outbox: Outbox::default(),
            clock: Clock::default(),
            is_shared,
            recovering: AtomicBool::new(false),
            is_started: AtomicBool::new(false),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            doubtful: Mutex::default(),
            waiting: Arc::new(Semaphore::new(options.waiting.min(Semaphore::MAX_PERMITS))),
            channels: RwLock::default(),
            notices: Mutex::new(notices),
            options,
        }))
    }

    /// Who answers.
    pub fn agent(&self) -> &dyn Agent {
        &*self.0.agent
    }

    /// Where messages, conversations and replies are kept.
    pub fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// Says which channels replies may be sent through that no request of this process asked for: those that were left from
    /// before the start, and those with a time. After the start, what waited for these channels goes on.
    pub fn mount(&self, channels: impl IntoIterator<Item = ChannelState>) {
        let channels = channels.into_iter().map(|channel| (Arc::clone(channel.address()), channel));
        self.0.channels.write().unwrap_or_else(PoisonError::into_inner).extend(channels);
        if self.0.is_started.load(Ordering::Acquire) {
            self.0.take_up_again();
        }
    }

    /// Takes up what was left from before the start, and from now on whatever comes due or is left by other servers.
    /// Returns at once. What comes in meanwhile waits behind what was left in its conversation.
    pub fn start(&self) {
        self.0.start(self.0.notices.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Ends in order: no further work is taken, and running turns may end within the grace time. What waits stays in a store
    /// that lasts, without having lost an attempt; of one that does not last it is answered within the grace time, too.
    pub async fn stop(&self, grace: Duration) {
        let tasks = &self.0.tasks;
        tasks.close();
        self.0.stopping.cancel();
        if tokio::time::timeout(grace, tasks.wait()).await.is_err() {
            tracing::warn!(tasks = tasks.len(), "some turns did not end within the grace time");
        }
        // They know this engine: it would keep itself, and its store, for ever.
        self.0.channels.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The turns that run or wait, and the tasks that go on without a caller. Closed, the engine takes no further work.
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
        let channel = if self.0.options.shared { &*SHARED } else { address };
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

    /// Waits until no turn runs or waits and no reply is on its way, for tests. A turn or a reply that is to be tried again counts
    /// as on its way; a reply or a reminder with a time does not, before that time.
    pub async fn idle(&self) {
        let Inner { lanes, outbox, .. } = &*self.0;
        loop {
            let (worked, sent) = (lanes.emptied(), outbox.emptied());
            if lanes.is_empty() && outbox.is_empty() {
                return;
            }
            tokio::select! {
                () = worked => {}
                () = sent => {}
            }
        }
    }

    /// Has a conversation looked at: pending messages are answered, unsent replies sent. For who has changed the store, as by
    /// [`replay`](Store::replay).
    pub fn look(&self, conversation: &Conversation) {
        self.0.look(conversation, None);
    }
}

impl Inner {
    pub(crate) fn channel(&self, address: &str) -> Option<ChannelState> {
        self.channels.read().unwrap_or_else(PoisonError::into_inner).get(address).cloned()
    }

    /// Room for another message, or none.
    pub(crate) fn admit(&self) -> Outcome<OwnedSemaphorePermit> {
        if self.tasks.is_closed() {
            return Err(TurnError::ShuttingDown);
        }
        Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| TurnError::Busy)
    }

    /// Puts a job into a conversation's lane.
    pub(crate) fn enter(self: &Arc<Self>, conversation: &Conversation, job: Job) {
        if self.lanes.enter(conversation, job) {
            self.tasks.spawn(work(Arc::clone(self), conversation.clone()));
        }
    }

    /// Has what is pending in the store answered, and what is unsent sent.
    pub(crate) fn look(self: &Arc<Self>, conversation: &Conversation, permit: Option<OwnedSemaphorePermit>) {
        self.enter(conversation, Job::Look(permit));
    }

    /// Hands replies that are kept to who sends them.
    pub(crate) fn send(
        &self,
        conversation: &Conversation,
        lease: &Arc<Lease>,
        replies: impl Iterator<Item = Ready>,
    ) {
        self.outbox.push(self, conversation, lease, replies);
    }

    /// Has the replies sent that the store has of a conversation.
    pub(crate) fn send_unsent(&self, conversation: &Conversation, lease: &Arc<Lease>) {
        self.outbox.wake(self, conversation, lease);
    }

    /// Whether what waits is given back: the store has it, and another process goes on with it.
    pub(crate) fn gives_back(&self) -> bool {
        self.stopping.is_cancelled() && self.store.is_durable()
    }

    /// Waits for so long; `false`: what waits is to be given back before.
    pub(crate) async fn pause(&self, wait: Duration) -> bool {
        tokio::select! {
            () = sleep(wait) => true,
            () = self.given_back() => false,
        }
    }

    /// Waits until what waits is to be given back.
    pub(crate) async fn given_back(&self) {
        if self.store.is_durable() {
            self.stopping.cancelled().await;
        } else {
            std::future::pending::<()>().await;
        }
    }

    /// The conversation's tracker, which nobody else has: the lane is held. `may_be_warm`: whether one may be used that was
    /// worked with before.
    pub(crate) async fn take_tracker(
        &self,
        conversation: &Conversation,
        lease: &Lease,
        may_be_warm: bool,
    ) -> Result<Tracker, StoreError> {
        let warm = self.warm.take(conversation, lease.number).filter(|_| may_be_warm);
        if let Some(tracker) = warm {
            return Ok(tracker);
        }
        let events = self.store.load(conversation).await?;
        Ok(self.tracker_of(conversation, events.unwrap_or_default()))
    }

    pub(crate) fn tracker_of(&self, conversation: &Conversation, events: Vec<Event>) -> Tracker {
        let sender_id = &*conversation.sender_id;
        let mut tracker = match self.agent.dialogue() {
            Some(dialogue) => dialogue.tracker(sender_id),
            None => Tracker::new(sender_id),
        };
        tracker.extend(events);
        tracker
    }
}

pub(crate) fn failed(error: StoreError) -> TurnError {
    TurnError::Failed(error.into())
}
