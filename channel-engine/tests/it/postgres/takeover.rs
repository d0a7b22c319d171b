//! Servers that die, and those that take over.

use channel_engine::{Notice, Store, StoreError};

use super::support::{Shared, accept, ada, commit, until};

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
