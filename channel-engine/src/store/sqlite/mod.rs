//! A store in a file.

mod checkpoints;
mod columns;
mod conversations;
mod inbox;
mod letters;
mod listings;
mod notes;
mod open;
mod outbox;
mod readers;
mod schedule;
mod schema;
mod steps;
mod sweep;
mod worker;
mod writer;

use std::{fs::File, io, path::Path, sync::Arc, time::SystemTime};

use async_trait::async_trait;
use channel_core::Event;

use self::{
    checkpoints::Checkpoints,
    columns::{Time, json},
    conversations::Encoded,
    open::Database,
    outbox::Settled,
    readers::Readers,
    worker::Worker,
    writer::{Hook, Writer},
};
use super::{
    Accepted, Backlog, DeadLetter, Expired, Filter, Incoming, Kept, LetterId, Listed, ListedReply,
    MessageKey, Outgoing, Pending, Retrial, Ripe, Settlement, Step, Store, StoreError,
};
use crate::Conversation;

/// So many threads read.
const READERS: usize = 3;

/// Keeps everything in an `SQLite` database of this machine: what was told is on the disk, and there after a power cut.
///
/// One thread writes, and commits together what came in meanwhile: the more callers there are at once, the cheaper each
/// call. Beside the file are its log (`-wal`, `-shm`) and the lock (`.lock`) that keeps a second server away; a copy of the
/// file without its log is not whole. Dropped, the store ends what it has begun, which blocks for a moment.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use channel_engine::{SqliteStore, Store};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("bot.db");
/// let store = SqliteStore::open(path)?;
/// assert!(store.is_durable());
/// # Ok(())
/// # }
/// ```
// The order is that in which they end: the log can't be put away before all others have ended.
pub struct SqliteStore {
    readers: Readers,
    writer: Writer,
    _checkpoints: Worker,
    _lock: File,
}

impl SqliteStore {
    /// Opens the file, or creates it; its folder must be there. Works on the disk while it does, so it belongs in a
    /// server's start.
    ///
    /// # Errors
    ///
    /// The folder is missing, the file is not a store or not to be written, another server has it open, it was made by a
    /// newer version of this program, or the disk fails or is full.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::start(path.as_ref(), None)
    }

    /// Opens the file with a hook that is called before each commit, on the thread that writes: it may take its time, as a
    /// slow disk does; its error fails the commit, as a full disk does.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    #[doc(hidden)]
    pub fn open_with_hook(
        path: impl AsRef<Path>,
        before_commit: impl FnMut() -> io::Result<()> + Send + 'static,
    ) -> Result<Self, StoreError> {
        Self::start(path.as_ref(), Some(Box::new(before_commit)))
    }

    fn start(path: &Path, hook: Option<Hook>) -> Result<Self, StoreError> {
        let database = Database::open(path).map_err(StoreError::new)?;
        let connections = (0..READERS).map(|_| database.reader()).collect::<Result<_, _>>();
        let readers = Readers::start(connections.map_err(StoreError::new)?).map_err(StoreError::new)?;
        let connection = database.writer().map_err(StoreError::new)?;
        let (checkpoints, worker) = Checkpoints::start(connection).map_err(StoreError::new)?;
        let connection = database.writer().map_err(StoreError::new)?;
        let writer = Writer::start(connection, checkpoints, hook).map_err(StoreError::new)?;
        Ok(Self { readers, writer, _checkpoints: worker, _lock: database.into_lock() })
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn is_durable(&self) -> bool {
        true
    }

    async fn accept(&self, message: Incoming<'_>) -> Result<Accepted, StoreError> {
        let conversation = message.conversation.clone();
        let key = MessageKey::new(Arc::clone(message.channel), message.message.message_id.as_str());
        let incoming = inbox::Incoming { key, message: json(message.message)?, waits: message.waits };
        let now = Time::now();
        let accept = self.writer.run(move |connection| {
            let conversation = conversations::ensure(connection, &conversation, now)?;
            inbox::accept(connection, conversation, &incoming, now)
        });
        accept.await
    }

    async fn message(&self, key: &MessageKey) -> Result<Option<Kept>, StoreError> {
        let key = key.clone();
        self.readers.run(move |connection| inbox::get(connection, &key)).await
    }

    async fn pending(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Pending>, StoreError> {
        let conversation = conversation.clone();
        self.readers.run(move |connection| inbox::pending(connection, &conversation, limit)).await
    }

    async fn fail(
        &self,
        key: &MessageKey,
        _lease: u64,
        error: &str,
        then: Retrial,
    ) -> Result<(), StoreError> {
        let (key, error, now) = (key.clone(), error.to_owned(), Time::now());
        self.writer.run(move |connection| inbox::fail(connection, &key, &error, then, now)).await
    }

    async fn supersede(&self, keys: &[MessageKey], _lease: u64, by: &str) -> Result<(), StoreError> {
        let (keys, by, now) = (keys.to_vec(), by.to_owned(), Time::now());
        self.writer.run(move |connection| inbox::supersede(connection, &keys, &by, now)).await
    }

    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError> {
        let conversation = conversation.clone();
        self.readers.run(move |connection| conversations::load(connection, &conversation)).await
    }

    async fn commit(&self, step: Step<'_>) -> Result<Vec<u64>, StoreError> {
        let step = steps::Step::new(step)?;
        self.writer.run(move |connection| step.commit(connection)).await
    }

    async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
        let sender_id = sender_id.to_owned();
        self.readers.run(move |connection| conversations::find(connection, &sender_id)).await
    }

    async fn replace(
        &self,
        conversation: &Conversation,
        _lease: u64,
        events: &[Arc<Event>],
    ) -> Result<(), StoreError> {
        let (conversation, whole, now) = (conversation.clone(), Encoded::new(events)?, Time::now());
        let replace =
            self.writer.run(move |connection| conversations::replace(connection, &conversation, &whole, now));
        replace.await
    }

    async fn remove(&self, conversation: &Conversation, _lease: u64) -> Result<bool, StoreError> {
        let conversation = conversation.clone();
        self.writer.run(move |connection| conversations::remove(connection, &conversation)).await
    }

    async fn unsent(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        let conversation = conversation.clone();
        self.readers.run(move |connection| outbox::unsent(connection, &conversation, limit)).await
    }

    async fn settle(
        &self,
        conversation: &Conversation,
        _lease: u64,
        id: u64,
        settlement: Settlement<'_>,
    ) -> Result<(), StoreError> {
        let (conversation, settled, now) = (conversation.clone(), Settled::new(settlement)?, Time::now());
        let settle =
            self.writer.run(move |connection| outbox::settle(connection, &conversation, id, &settled, now));
        settle.await
    }

    async fn ripen(&self, now: SystemTime) -> Result<Ripe, StoreError> {
        let (due, now) = (Time(now), Time::now());
        self.writer.run(move |connection| schedule::ripen(connection, due, now)).await
    }

    async fn work(
        &self,
        after: Option<&Conversation>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        let after = after.cloned();
        self.readers.run(move |connection| conversations::work(connection, after.as_ref(), limit)).await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.readers.run(listings::backlog).await
    }

    async fn messages(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        let filter = filter.clone();
        self.readers.run(move |connection| listings::messages(connection, &filter)).await
    }

    async fn replies(&self, filter: &Filter) -> Result<Vec<ListedReply>, StoreError> {
        let filter = filter.clone();
        self.readers.run(move |connection| listings::replies(connection, &filter)).await
    }

    async fn dead_letters(&self, filter: &Filter) -> Result<Vec<DeadLetter>, StoreError> {
        let filter = filter.clone();
        self.readers.run(move |connection| letters::all(connection, &filter)).await
    }

    async fn dead_letter(&self, id: LetterId) -> Result<Option<DeadLetter>, StoreError> {
        self.readers.run(move |connection| letters::get(connection, id)).await
    }

    async fn replay(&self, id: LetterId) -> Result<Option<Conversation>, StoreError> {
        let now = Time::now();
        self.writer.run(move |connection| letters::replay(connection, id, now)).await
    }

    async fn discard(&self, id: LetterId) -> Result<bool, StoreError> {
        let now = Time::now();
        self.writer.run(move |connection| letters::discard(connection, id, now)).await
    }

    async fn note(&self, channel: &str, name: &str) -> Result<Option<String>, StoreError> {
        let (channel, name) = (channel.to_owned(), name.to_owned());
        self.readers.run(move |connection| notes::get(connection, &channel, &name)).await
    }

    async fn set_note(&self, channel: &str, name: &str, text: &str) -> Result<(), StoreError> {
        let (channel, name, text) = (channel.to_owned(), name.to_owned(), text.to_owned());
        self.writer.run(move |connection| notes::set(connection, &channel, &name, &text)).await
    }

    async fn sweep(&self, expired: Expired) -> Result<(), StoreError> {
        sweep::sweep(self, expired).await
    }
}
