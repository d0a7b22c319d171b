//! A store for several servers, in `PostgreSQL` or a database that speaks as it does.

mod accept;
mod address;
mod batch;
mod change;
mod commit;
mod database;
mod error;
mod events;
mod fence;
mod inbox;
mod later;
mod lease;
mod letters;
mod listing;
mod migrate;
mod names;
mod notes;
mod notices;
mod options;
mod outbox;
mod pulse;
mod schedule;
mod server;
mod settle;
mod sweep;

pub use options::PostgresOptions;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Instant, SystemTime},
};

use async_trait::async_trait;
use channel_core::Event;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::{
    accept::Row,
    address::Address,
    batch::{Desk, Writer},
    change::Change,
    database::Database,
    lease::{Return, Taking},
    migrate::migrate,
    pulse::Pulse,
    server::Server,
};
use super::{
    Accepted, Backlog, DeadLetter, Expired, Filter, Incoming, Kept, LetterId, Listed, ListedReply,
    MessageKey, Notice, Outgoing, Pending, Retrial, Ripe, Settlement, Step, Store, StoreError,
};
use crate::Conversation;

/// Keeps everything in a `PostgreSQL` database, which several servers share.
///
/// Each store is a server to the others: it tells the database every second that it lives, and holds conversations as long
/// as it does. What it tells others goes by `NOTIFY`; where the database has none, or a proxy loses it, [`Notice::Missed`]
/// comes with each heartbeat. The tables (`channel_inbox`, `channel_outbox`, …) stand beside those of others.
///
/// An [`accept`](Store::accept) that fails may have kept the message; a [`commit`](Store::commit) that fails may have kept
/// the step, and can be repeated, as is [`Step::number`]'s to tell. Calls that are repeated without need change nothing
/// more, save `commit` without a message, `fail`, and `settle` for a later try, which count once more.
///
/// The connections are those of the runtime in which it was [connected](Self::connect), and last as long as that.
///
/// # Examples
///
/// ```no_run
/// # async fn example() -> Result<(), channel_engine::StoreError> {
/// use channel_engine::{PostgresOptions, PostgresStore};
///
/// let store = PostgresStore::connect("postgres://bot@db.example/bots", PostgresOptions::default()).await?;
/// # Ok(())
/// # }
/// ```
pub struct PostgresStore {
    desk: Desk,
    messages: Writer<Row>,
    changes: Writer<Change>,
    takings: Writer<Taking>,
    returns: Writer<Return>,
    notices: Mutex<Option<mpsc::Receiver<Notice>>>,
    /// Ends the heartbeat.
    _end: DropGuard,
}

impl PostgresStore {
    /// Connects to a database, such as `postgres://user:password@host:5432/database?sslmode=require`, and brings its tables
    /// to what this version needs.
    ///
    /// TLS: `sslmode=disable` never, `prefer` (the default) where the database has it, `require` always. A certificate is
    /// verified in any case, against those that this machine trusts (or `SSL_CERT_FILE`).
    ///
    /// # Errors
    ///
    /// The database can't be reached, refuses the user, has tables of a newer version, or can't be written. The text never
    /// holds the password.
    pub async fn connect(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        let address = Address::new(url, &options)?;
        let line = pulse::open(&address).await?;
        migrate(line.client(), &address).await?;

        let mut server = Server::new(options.dead_after);
        server.can_notify = line.can_notify(&server).await.map_err(|error| error::failed(&error))?;
        let server = Arc::new(server);
        let database = Database::new(&address, options.connections)?;
        let end = CancellationToken::new();
        let notices =
            Pulse::start(address, Arc::clone(&server), options.heartbeat, line, end.clone()).await?;
        let desk = Desk { database, server };
        Ok(Self {
            messages: Writer::start(&desk),
            changes: Writer::start(&desk),
            takings: Writer::start(&desk),
            returns: Writer::start(&desk),
            desk,
            notices: Mutex::new(Some(notices)),
            _end: end.drop_guard(),
        })
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn is_durable(&self) -> bool {
        true
    }

    async fn accept(&self, message: Incoming<'_>) -> Result<Accepted, StoreError> {
        self.messages.write(Row::new(message)?).await
    }

    async fn message(&self, key: &MessageKey) -> Result<Option<Kept>, StoreError> {
        inbox::message(&self.desk.database, key).await
    }

    async fn pending(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Pending>, StoreError> {
        inbox::pending(&self.desk.database, conversation, limit).await
    }

    async fn fail(&self, key: &MessageKey, lease: u64, error: &str, then: Retrial) -> Result<(), StoreError> {
        inbox::fail(&self.desk.database, &self.desk.server, key, lease, error, then).await
    }

    async fn supersede(&self, keys: &[MessageKey], lease: u64, by: &str) -> Result<(), StoreError> {
        inbox::supersede(&self.desk.database, &self.desk.server, keys, lease, by).await
    }

    async fn load(&self, conversation: &Conversation) -> Result<Option<Vec<Event>>, StoreError> {
        events::load(&self.desk.database, conversation).await
    }

    async fn commit(&self, step: Step<'_>) -> Result<Vec<u64>, StoreError> {
        commit::commit(&self.changes, &self.desk, &step).await
    }

    async fn find(&self, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
        events::find(&self.desk.database, sender_id).await
    }

    async fn replace(
        &self,
        conversation: &Conversation,
        lease: u64,
        events: &[Arc<Event>],
    ) -> Result<(), StoreError> {
        events::replace(&self.desk.database, &self.desk.server, conversation, lease, events).await
    }

    async fn remove(&self, conversation: &Conversation, lease: u64) -> Result<bool, StoreError> {
        events::remove(&self.desk.database, &self.desk.server, conversation, lease).await
    }

    async fn unsent(&self, conversation: &Conversation, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        outbox::unsent(&self.desk.database, conversation, limit).await
    }

    async fn settle(
        &self,
        conversation: &Conversation,
        lease: u64,
        id: u64,
        settlement: Settlement<'_>,
    ) -> Result<(), StoreError> {
        settle::settle(&self.changes, conversation, lease, id, settlement).await
    }

    async fn ripen(&self, now: SystemTime) -> Result<Ripe, StoreError> {
        schedule::ripen(&self.desk.database, now).await
    }

    async fn work(
        &self,
        after: Option<&Conversation>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        lease::work(&self.desk.database, &self.desk.server, after, limit).await
    }

    async fn lease(&self, conversation: &Conversation) -> Result<Option<u64>, StoreError> {
        lease::lease(&self.takings, &self.desk, conversation).await
    }

    async fn release(&self, conversation: &Conversation, lease: u64) -> Result<bool, StoreError> {
        lease::release(&self.returns, conversation, lease).await
    }

    async fn holds(
        &self,
        conversation: &Conversation,
        lease: u64,
        taken: Instant,
    ) -> Result<bool, StoreError> {
        lease::holds(&self.desk, conversation, lease, taken).await
    }

    fn notices(&self) -> Option<mpsc::Receiver<Notice>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        listing::backlog(&self.desk.database).await
    }

    async fn messages(&self, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
        listing::messages(&self.desk.database, filter).await
    }

    async fn replies(&self, filter: &Filter) -> Result<Vec<ListedReply>, StoreError> {
        listing::replies(&self.desk.database, filter).await
    }

    async fn dead_letters(&self, filter: &Filter) -> Result<Vec<DeadLetter>, StoreError> {
        letters::all(&self.desk.database, filter).await
    }

    async fn dead_letter(&self, id: LetterId) -> Result<Option<DeadLetter>, StoreError> {
        letters::one(&self.desk.database, id).await
    }

    async fn replay(&self, id: LetterId) -> Result<Option<Conversation>, StoreError> {
        letters::replay(&self.desk.database, id).await
    }

    async fn discard(&self, id: LetterId) -> Result<bool, StoreError> {
        letters::discard(&self.desk.database, id).await
    }

    async fn note(&self, channel: &str, name: &str) -> Result<Option<String>, StoreError> {
        notes::get(&self.desk.database, channel, name).await
    }

    async fn set_note(&self, channel: &str, name: &str, text: &str) -> Result<(), StoreError> {
        notes::set(&self.desk.database, channel, name, text).await
    }

    async fn sweep(&self, expired: Expired) -> Result<(), StoreError> {
        sweep::sweep(&self.desk.database, expired).await
    }
}
