//! What is done again because the answer was lost is done once.

use channel_engine::{State, Store};

use super::support::{Shared, accept, ada, commit, key};

#[tokio::test]
async fn a_repeated_step_is_kept_once() {
    let Some(shared) = Shared::new() else { return };
    let store = shared.open().await;
    accept(&store, "1").await;
    let lease = store.lease(&ada()).await.unwrap().unwrap();

    let first = commit(&store, lease, 0, false).await.unwrap();
    assert_eq!(commit(&store, lease, 0, false).await.unwrap(), first);
    let second = commit(&store, lease, 1, true).await.unwrap();
    assert_eq!(commit(&store, lease, 1, true).await.unwrap(), second, "also where the turn is over");

    assert_eq!(store.load(&ada()).await.unwrap().unwrap().len(), 2);
    assert_eq!(store.unsent(&ada(), 9).await.unwrap().len(), 2);
    let kept = store.message(&key("1")).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.progress.steps, kept.progress.replies.len()), (State::Over, 2, 2));
}

#[tokio::test]
async fn a_step_that_is_dropped_is_kept_whole_or_not_at_all() {
    let Some(shared) = Shared::new() else { return };
    let store = shared.open().await;
    accept(&store, "1").await;
    let lease = store.lease(&ada()).await.unwrap().unwrap();
    for polls in 1..40 {
        give_up_after(polls, commit(&store, lease, 0, false)).await;
    }
    commit(&store, lease, 0, false).await.unwrap();
    assert_eq!(store.load(&ada()).await.unwrap().unwrap().len(), 1);
    assert_eq!(store.unsent(&ada(), 9).await.unwrap().len(), 1);
}

/// Polls a call so many times, and drops it.
async fn give_up_after(polls: u32, call: impl Future) {
    let mut call = Box::pin(call);
    let mut left = polls;
    std::future::poll_fn(|context| {
        left -= 1;
        if call.as_mut().poll(context).is_ready() || left == 0 {
            return std::task::Poll::Ready(());
        }
        std::task::Poll::Pending
    })
    .await;
}
