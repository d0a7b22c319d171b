//! A store that fails, stalls and hurries as told, on top of another one.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use channel_core::{Event, async_trait};
use channel_engine::{
    Accepted, Backlog, Conversation, DeadLetter, Expired, Filter, Incoming, Kept, LetterId, Listed,
    ListedReply, MemoryStore, MessageKey, Notice, Outgoing, Pending, Retrial, Ripe, Settlement, Step, Store,
    StoreError,
};
use tokio::sync::{Semaphore, mpsc};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does nothing, and fails.
    Fails,
    /// It is done, and fails all the same.
    FailsAfter,
    /// It waits for [`Faulty::release`].
    Blocks,
}

pub(crate) struct Faulty {
    store: Arc<dyn Store>,
    is_durable: bool,
    is_shared: bool,
    /// How far the time of what is scheduled is ahead.
    ahead: Mutex<Duration>,
    /// What was accepted by then is so much older.
    aged: Mutex<Option<(SystemTime, Duration)>>,
    faults: Mutex<HashMap<&'static str, VecDeque<Fault>>>,
    blocked: Semaphore,
    open: Semaphore,
    notices: Mutex<Option<mpsc::Sender<Notice>>>,
}

impl Faulty {
    /// Says that it lasts, on top of a store in memory.
    pub(crate) fn durable() -> Self {
        Self::on(Arc::new(MemoryStore::default()))
    }

    pub(crate) fn on(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            is_durable: true,
            is_shared: false,
            ahead: Mutex::default(),
            aged: Mutex::default(),
            faults: Mutex::default(),
            blocked: Semaphore::new(0),
            open: Semaphore::new(0),
            notices: Mutex::default(),
        }
    }

    /// As one that other servers have, too.
    pub(crate) fn shared(mut self) -> Self {
        self.is_shared = true;
        self
    }

    /// The next calls of this name have these faults.
    pub(crate) fn faults(&self, call: &'static str, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().unwrap().entry(call).or_default().extend(faults);
    }

    /// Waits until a call is blocked.
    pub(crate) async fn blocks(&self) {
        self.blocked.acquire().await.unwrap().forget();
    }

    /// Lets one blocked call go on.
    pub(crate) fn release(&self) {
        self.open.add_permits(1);
    }

    /// From now on what is scheduled comes due so much earlier.
    pub(crate) fn hurry(&self, by: Duration) {
        *self.ahead.lock().unwrap() += by;
    }

    /// What was accepted by now is so much older.
    pub(crate) fn ages(&self, by: Duration) {
        *self.aged.lock().unwrap() = Some((SystemTime::now(), by));
    }

    fn aged(&self, mut pending: Pending) -> Pending {
        if let Some((until, by)) = *self.aged.lock().unwrap()
            && pending.accepted_at <= until
        {
            pending.accepted_at -= by;
        }
        pending
    }

    /// Whether the call, once it is done, is to fail.
    async fn before(&self, call: &'static str) -> Result<bool, StoreError> {
        let fault = self.faults.lock().unwrap().get_mut(call).and_then(VecDeque::pop_front);
        match fault {
            None => Ok(false),
            Some(Fault::Fails) => Err(StoreError::new(format!("`{call}` fails as told"))),
            Some(Fault::FailsAfter) => Ok(true),
            Some(Fault::Blocks) => {
                self.blocked.add_permits(1);
                self.open.acquire().await.unwrap().forget();
                Ok(false)
            }
        }
    }
}

fn after<T>(fails: bool, result: Result<T, StoreError>) -> Result<T, StoreError> {
    if fails { Err(StoreError::new("fails after it was done, as told")) } else { result }
}

#[async_trait]
impl Store for Faulty {
    fn is_durable(&self) -> bool {
        self.is_durable
    }

    fn notices(&self) -> Option<mpsc::Receiver<Notice>> {
        let (sender, receiver) = mpsc::channel(8);
        *self.notices.lock().unwrap() = Some(sender);
        self.is_shared.then_some(receiver)
    }

    async fn accept(&self, message: Incoming<'_>) -> Result<Accepted, StoreError> {
        let fails = self.before("accept").await?;
        after(fails, self.store.accept(message).await)
    }

    async fn message(&self, key: &MessageKey) -> Result<Option<Kept>, StoreError> {
        let fails = self.before("message").await?;
        after(fails, self.store.message(key).await)
    }

    async fn pending(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Pending>, StoreError> {
        let fails = self.before("pending").await?;
        let pending = self.store.pending(conversation, limit).await;
        after(fails, pending.map(|rows| rows.into_iter().map(|row| self.aged(row)).collect()))
    }

    async fn fail(&self, key: &MessageKey, lease: u64, error: &str, then: Retrial) -> Result<(), StoreError> {
        let fails = self.before("fail").await?;
        after(fails, self.store.fail(key, lease, error, then).await)
    }

    async fn supersede(&self, keys: &[MessageKey], lease: u64, by: &str) -> Result<(), StoreError> {
        let fails = self.before("supersede").await?;
        after(fails, self.store.supersede(keys, lease, by).await)
    }

    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError> {
        let fails = self.before("load").await?;
        after(fails, self.store.load(conversation).await)
    }

    async fn commit(&self, step: Step<'_>) -> Result<Vec<u64>, StoreError> {
        let fails = self.before("commit").await?;
        after(fails, self.store.commit(step).await)
    }

    async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
        self.store.find(sender_id).await
    }

    async fn replace(
        &self,
        conversation: &Conversation,
        lease: u64,
        events: &[Arc<Event>],
    ) -> Result<(), StoreError> {
        self.store.replace(conversation, lease, events).await
    }

    async fn remove(&self, conversation: &Conversation, lease: u64) -> Result<bool, StoreError> {
        self.store.remove(conversation, lease).await
    }

    async fn unsent(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        let fails = self.before("unsent").await?;
        after(fails, self.store.unsent(conversation, limit).await)
    }

    async fn settle(
        &self,
        conversation: &Conversation,
        lease: u64,
        id: u64,
        settlement: Settlement<'_>,
    ) -> Result<(), StoreError> {
        let fails = self.before("settle").await?;
        after(fails, self.store.settle(conversation, lease, id, settlement).await)
    }

    async fn ripen(&self, now: SystemTime) -> Result<Ripe, StoreError> {
        let ahead = *self.ahead.lock().unwrap();
        let ripe = self.store.ripen(now + ahead).await?;
        Ok(Ripe { next: ripe.next.map(|next| next - ahead), ..ripe })
    }

    async fn work(
        &self,
        after: Option<&Conversation>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        self.before("work").await?;
        self.store.work(after, limit).await
    }

    async fn lease(&self, conversation: &Conversation) -> Result<Option<u64>, StoreError> {
        self.store.lease(conversation).await
    }

    async fn release(&self, conversation: &Conversation, lease: u64) -> Result<bool, StoreError> {
        self.store.release(conversation, lease).await
    }

    async fn holds(
        &self,
        conversation: &Conversation,
        lease: u64,
        taken: Instant,
    ) -> Result<bool, StoreError> {
        let fails = self.before("holds").await?;
        after(fails, self.store.holds(conversation, lease, taken).await)
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.store.backlog().await
    }

    async fn messages(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        self.store.messages(filter).await
    }

    async fn replies(&self, filter: &Filter) -> Result<Vec<ListedReply>, StoreError> {
        self.store.replies(filter).await
    }

    async fn dead_letters(&self, filter: &Filter) -> Result<Vec<DeadLetter>, StoreError> {
        self.store.dead_letters(filter).await
    }

    async fn dead_letter(&self, id: LetterId) -> Result<Option<DeadLetter>, StoreError> {
        self.store.dead_letter(id).await
    }

    async fn replay(&self, id: LetterId) -> Result<Option<Conversation>, StoreError> {
        self.store.replay(id).await
    }

    async fn discard(&self, id: LetterId) -> Result<bool, StoreError> {
        self.store.discard(id).await
    }

    async fn note(&self, channel: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.store.note(channel, name).await
    }

    async fn set_note(&self, channel: &str, name: &str, text: &str) -> Result<(), StoreError> {
        self.store.set_note(channel, name, text).await
    }

    async fn sweep(&self, expired: Expired) -> Result<(), StoreError> {
        self.store.sweep(expired).await
    }
}
