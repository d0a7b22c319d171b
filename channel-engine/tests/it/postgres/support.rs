//! Servers and what they do.

use std::{sync::Arc, time::Duration};

use channel_core::{BotMessage, Event, Recipient, UserMessage};
use channel_engine::{
    Accepted, Conversation, Incoming, MessageKey, Outward, PostgresOptions, PostgresStore, Step, Store,
    StoreError,
};
use tokio::runtime::Runtime;

use super::cluster::{Cluster, cluster};

/// A database, and the options of the servers that share it.
pub(super) struct Shared {
    pub(super) cluster: &'static Cluster,
    pub(super) database: String,
    pub(super) user: String,
    pub(super) options: PostgresOptions,
}

impl Shared {
    /// A new schema of a database that the tests share; `None` where the machine has no `PostgreSQL`.
    pub(super) fn new() -> Option<Self> {
        let cluster = cluster()?;
        let mut options = PostgresOptions::default();
        options.schema = cluster.new_name();
        let (database, user) = ("postgres".to_owned(), "postgres".to_owned());
        Some(Self { cluster, database, user, options })
    }

    /// Servers that beat fast and die soon.
    pub(super) fn short_lived() -> Option<Self> {
        let mut shared = Self::new()?;
        shared.options.heartbeat = Duration::from_millis(100);
        shared.options.dead_after = Duration::from_secs(2);
        Some(shared)
    }

    pub(super) async fn connect(&self) -> Result<PostgresStore, StoreError> {
        PostgresStore::connect(&self.cluster.url(&self.user, &self.database), self.options.clone()).await
    }

    pub(super) async fn open(&self) -> PostgresStore {
        self.connect().await.unwrap()
    }

    /// A server that dies with its runtime, without a word.
    pub(super) async fn open_mortal(&self) -> (Arc<PostgresStore>, Runtime) {
        let runtime = Runtime::new().unwrap();
        let (url, options) = (self.cluster.url(&self.user, &self.database), self.options.clone());
        let store = runtime.spawn(async move { PostgresStore::connect(&url, options).await });
        (Arc::new(store.await.unwrap().unwrap()), runtime)
    }
}

/// Asks until the answer is right: what is asked takes its time, so nothing spins.
pub(super) async fn until<T>(ask: impl AsyncFn() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.expect("it never comes")
}

pub(super) fn ada() -> Conversation {
    Conversation::new("chat", "ada")
}

pub(super) fn key(id: &str) -> MessageKey {
    MessageKey::new("chat", id)
}

pub(super) async fn try_accept(store: &PostgresStore, id: &str) -> Result<Accepted, StoreError> {
    let (conversation, channel) = (ada(), "chat".into());
    let message = UserMessage::new("Hi", "ada").with_message_id(id);
    let incoming =
        Incoming { conversation: &conversation, channel: &channel, message: &message, waits: false };
    store.accept(incoming).await
}

pub(super) async fn accept(store: &PostgresStore, id: &str) -> Accepted {
    try_accept(store, id).await.unwrap()
}

/// Commits a step of the turn of ada's message `1`: an event, and a reply that is to be sent.
pub(super) async fn commit(
    store: &PostgresStore,
    lease: u64,
    number: u32,
    is_last: bool,
) -> Result<Vec<u64>, StoreError> {
    let (conversation, message, to) = (ada(), key("1"), Recipient::new("ada"));
    let step = Step {
        conversation: &conversation,
        lease,
        events: &[Arc::new(Event::action("a"))],
        replies: &[BotMessage::text("reply")],
        outward: Some(Outward { channel: &"chat".into(), to: &to }),
        message: Some(&message),
        number,
        is_last,
        supersedes: &[],
        schedule: &[],
    };
    store.commit(step).await
}

/// What happens to databases.
impl Shared {
    /// A database of its own.
    pub(super) fn alone(mut self) -> Self {
        self.database = self.cluster.new_name();
        self.cluster.run("postgres", &format!("CREATE DATABASE {}", self.database));
        self
    }

    /// The database ends all connections, as when it is restarted.
    pub(super) fn kill_connections(&self) {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname =";
        self.cluster.run("postgres", &format!("{sql} '{}'", self.database));
    }

    /// It crashes and comes back without the leases that it had, as they are not written at once.
    pub(super) fn forget_leases(&self) {
        let table = format!("{}.channel_conversations", self.options.schema);
        self.cluster.run(&self.database, &format!("UPDATE {table} SET holder = NULL"));
        self.kill_connections();
    }

    /// The database ends all connections, and takes no more.
    pub(super) fn shut(&self) {
        self.cluster.run("postgres", &format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.database));
        self.kill_connections();
    }

    pub(super) fn reopen(&self) {
        self.cluster.run("postgres", &format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.database));
    }

    /// Somebody locks the inbox, until its connection ends.
    pub(super) async fn lock_inbox(&self) -> std::process::Child {
        let table = format!("{}.channel_inbox", self.options.schema);
        let sql = format!("BEGIN; LOCK TABLE {table}; SELECT pg_sleep(600)");
        let locker = self.cluster.spawn(&self.database, &sql);
        until(async || (self.locks(&table, true) == 1).then_some(())).await;
        locker
    }

    /// Somebody locks ada's conversation, until its connection ends.
    pub(super) async fn lock_conversation_of_ada(&self) -> std::process::Child {
        let table = format!("{}.channel_conversations", self.options.schema);
        let sql =
            format!("BEGIN; UPDATE {table} SET lease = lease WHERE sender_id = 'ada'; SELECT pg_sleep(600)");
        let locker = self.cluster.spawn(&self.database, &sql);
        until(async || (self.locks(&table, true) >= 1).then_some(())).await;
        locker
    }

    /// Ends the connections that have locked conversations.
    pub(super) fn unlock_conversations(&self) {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation =";
        let table = format!("{}.channel_conversations", self.options.schema);
        self.cluster.run(&self.database, &format!("{sql} '{table}'::regclass"));
    }

    /// How many hold a lock of the inbox, or wait for one.
    pub(super) fn inbox_locks(&self, are_granted: bool) -> u32 {
        self.locks(&format!("{}.channel_inbox", self.options.schema), are_granted)
    }

    fn locks(&self, table: &str, are_granted: bool) -> u32 {
        let sql = "SELECT count(*) FROM pg_locks WHERE relation =";
        let sql = format!("{sql} '{table}'::regclass AND granted = {are_granted}");
        self.cluster.run(&self.database, &sql).parse().unwrap()
    }

    /// Ends the connection of whoever locks the inbox.
    pub(super) fn unlock_inbox(&self) {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation =";
        let table = format!("{}.channel_inbox", self.options.schema);
        self.cluster.run(&self.database, &format!("{sql} '{table}'::regclass"));
    }
}
