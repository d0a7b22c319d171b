//! A database that goes away, and comes back.

use std::time::Duration;

use channel_engine::{Accepted::Duplicate, Store};

use super::support::{Shared, accept, ada, commit, key, try_accept, until};

#[tokio::test]
async fn calls_work_again_after_a_restart_of_the_database() {
    let Some(shared) = Shared::new().map(Shared::alone) else { return };
    let store = shared.open().await;
    accept(&store, "1").await;

    shared.shut();
    assert!(
        until(async || try_accept(&store, "2").await.err()).await.to_string().contains("the store failed")
    );
    assert!(store.load(&ada()).await.is_err());
    assert!(store.work(None, 9).await.is_err());
    shared.reopen();

    until(async || try_accept(&store, "3").await.ok()).await;
    assert_eq!(accept(&store, "1").await, Duplicate);
    let lease = until(async || store.lease(&ada()).await.ok().flatten()).await;
    commit(&store, lease, 0, true).await.unwrap();
}

#[tokio::test]
async fn a_call_that_is_cut_off_is_an_error() {
    let Some(shared) = Shared::new().map(Shared::alone) else { return };
    let store = shared.open().await;
    let mut locker = shared.lock_inbox().await;
    let (accepted, ()) = tokio::join!(try_accept(&store, "1"), async {
        until(async || (shared.inbox_locks(false) > 0).then_some(())).await;
        shared.kill_connections();
    });
    assert!(accepted.is_err());
    locker.wait().unwrap();
    until(async || try_accept(&store, "2").await.ok()).await;
}

#[tokio::test]
async fn a_call_that_gets_no_answer_ends() {
    let Some(mut shared) = Shared::new() else { return };
    shared.options.time_limit = Duration::from_secs(1);
    let store = shared.open().await;
    let mut locker = shared.lock_inbox().await;
    assert!(try_accept(&store, "1").await.is_err());
    assert!(store.message(&key("1")).await.is_err());
    shared.unlock_inbox();
    locker.wait().unwrap();
    until(async || try_accept(&store, "2").await.ok()).await;
}
