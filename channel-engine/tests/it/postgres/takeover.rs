//! Servers that die, and those that take over.

use std::{sync::Arc, time::Instant};

use channel_engine::{Notice, Options, PostgresStore, Store, StoreError};

use super::support::{Shared, accept, ada, commit, until};
use crate::{
    faulty::{Fault, Faulty},
    platform::Bot,
};

#[tokio::test]
async fn what_a_dead_server_held_is_taken_over() {
    let Some(shared) = Shared::short_lived() else { return };
    let (dead, runtime) = shared.open_mortal().await;
    accept(&dead, "1").await;
    let old = dead.lease(&ada()).await.unwrap().unwrap();
    let store = shared.open().await;
    assert_eq!(store.lease(&ada()).await.unwrap(), None);
    assert_eq!(store.work(None, 9).await.unwrap(), []);

    runtime.shutdown_background();
    until(async || (store.work(None, 9).await.unwrap() == [ada()]).then_some(())).await;
    let new = store.lease(&ada()).await.unwrap().unwrap();
    assert!(new > old);
    commit(&store, new, 0, true).await.unwrap();
}

#[tokio::test]
async fn what_a_server_held_is_free_when_it_ends() {
    let Some(shared) = Shared::new() else { return };
    let (ending, store) = (shared.open().await, shared.open().await);
    ending.lease(&ada()).await.unwrap().unwrap();
    drop(ending);
    until(async || store.lease(&ada()).await.unwrap()).await;
}

#[tokio::test]
async fn a_server_that_was_silent_has_lost_its_leases() {
    let Some(shared) = Shared::short_lived().map(Shared::alone) else { return };
    let store = shared.open().await;
    accept(&store, "1").await;
    let lease = store.lease(&ada()).await.unwrap().unwrap();
    commit(&store, lease, 0, false).await.unwrap();

    shared.shut();
    until(async || matches!(commit(&store, lease, 1, true).await, Err(StoreError::Fenced)).then_some(()))
        .await;
    shared.reopen();
    let new = until(async || store.lease(&ada()).await.ok().flatten()).await;
    assert!(new > lease);
    assert!(matches!(commit(&store, lease, 1, true).await, Err(StoreError::Fenced)));
    commit(&store, new, 1, true).await.unwrap();
}

#[tokio::test]
async fn a_lease_that_the_database_has_forgotten_is_not_held() {
    let Some(shared) = Shared::new().map(Shared::alone) else { return };
    let store = shared.open().await;
    let taken = Instant::now();
    let lease = store.lease(&ada()).await.unwrap().unwrap();
    assert!(store.holds(&ada(), lease, taken).await.unwrap());

    shared.forget_leases();
    until(async || (!store.holds(&ada(), lease, taken).await.ok()?).then_some(())).await;
    let taken = Instant::now();
    let new = until(async || store.lease(&ada()).await.ok().flatten()).await;
    until(async || store.holds(&ada(), new, taken).await.ok()?.then_some(())).await;
}

#[tokio::test]
async fn a_server_that_was_silent_holds_nothing_until_it_is_heard() {
    let Some(shared) = Shared::short_lived().map(Shared::alone) else { return };
    let store = shared.open().await;
    let taken = Instant::now();
    let lease = store.lease(&ada()).await.unwrap().unwrap();
    shared.shut();
    until(async || (!store.holds(&ada(), lease, taken).await.ok()?).then_some(())).await;
    shared.reopen();
    let taken_anew = Instant::now();
    let new = until(async || store.lease(&ada()).await.ok().flatten()).await;
    assert!(!store.holds(&ada(), lease, taken).await.unwrap());
    assert!(store.holds(&ada(), new, taken_anew).await.unwrap());
}

/// A server that has taken ada's conversation and is about to read the reply in it.
struct Reading {
    bot: Bot,
    store: Arc<Faulty>,
    postgres: Arc<PostgresStore>,
    /// A moment at which it had the lease.
    held: Instant,
}

impl Reading {
    async fn begin(shared: &Shared) -> Self {
        let other = shared.open().await;
        accept(&other, "1").await;
        let lease = other.lease(&ada()).await.unwrap().unwrap();
        commit(&other, lease, 0, true).await.unwrap();
        other.release(&ada(), lease).await.unwrap();

        let postgres = Arc::new(shared.open().await);
        let store = Arc::new(Faulty::on(Arc::clone(&postgres) as _).shared());
        store.faults("unsent", [Fault::Blocks]);
        // The start finds the reply.
        let bot = Bot::start(&store, Options::default());
        store.blocks().await;
        Self { bot, store, postgres, held: Instant::now() }
    }

    /// Goes on once the loss of the lease can be known.
    async fn goes_on(&self) {
        until(async || (!self.postgres.holds(&ada(), 0, self.held).await.ok()?).then_some(())).await;
        self.store.release();
    }
}

#[tokio::test]
async fn who_has_lost_a_conversation_sends_none_of_its_replies() {
    let Some(shared) = Shared::new().map(Shared::alone) else { return };
    let other = shared.open().await;
    let reading = Reading::begin(&shared).await;
    shared.forget_leases();
    let taken = Instant::now();
    let lease = until(async || other.lease(&ada()).await.ok().flatten()).await;
    reading.goes_on().await;
    reading.bot.engine.idle().await;
    assert_eq!(reading.bot.platform.shown(), []);
    assert_eq!(other.unsent(&ada(), 9).await.unwrap().len(), 1);
    assert!(other.holds(&ada(), lease, taken).await.unwrap());
}

#[tokio::test]
async fn replies_whose_lease_is_forgotten_are_sent_under_another() {
    let Some(shared) = Shared::new().map(Shared::alone) else { return };
    let reading = Reading::begin(&shared).await;
    shared.forget_leases();
    reading.goes_on().await;
    assert_eq!(reading.bot.platform.shows(1).await[0].text, "reply");
    reading.bot.engine.idle().await;
    assert_eq!(reading.bot.platform.shown().len(), 1);
    assert_eq!(reading.postgres.unsent(&ada(), 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_server_is_told_that_it_may_have_missed_something() {
    let Some(shared) = Shared::new().map(Shared::alone) else { return };
    let store = shared.open().await;
    let mut notices = store.notices().unwrap();
    shared.kill_connections();
    assert_eq!(notices.recv().await, Some(Notice::Missed));
}

#[tokio::test]
async fn a_server_that_hears_nothing_asks() {
    let Some(mut shared) = Shared::short_lived().map(Shared::alone) else { return };
    let user = shared.cluster.new_name();
    let sql = "REVOKE EXECUTE ON FUNCTION pg_notify FROM PUBLIC";
    let sql =
        format!("CREATE ROLE {user} LOGIN; GRANT CREATE ON DATABASE {} TO {user}; {sql}", shared.database);
    shared.cluster.run(&shared.database, &sql);
    shared.user = user;
    let (one, other) = (shared.open().await, shared.open().await);
    let mut notices = one.notices().unwrap();
    for _ in 0..3 {
        assert_eq!(notices.recv().await, Some(Notice::Missed));
    }
    accept(&other, "1").await;
    let lease = one.lease(&ada()).await.unwrap().unwrap();
    assert_eq!(other.lease(&ada()).await.unwrap(), None);
    commit(&one, lease, 0, true).await.unwrap();
}
