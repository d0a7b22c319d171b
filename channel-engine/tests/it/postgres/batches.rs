//! Changes that are written together.

use std::{sync::Arc, time::Duration};

use channel_core::{Event, UserMessage};
use channel_engine::{
    Conversation, Incoming, MessageKey, PostgresStore, Settlement, Step, Store, StoreError,
};
use futures_util::future::join_all;

use super::support::{Shared, accept, ada, commit, until};

async fn accept_of(store: &PostgresStore, conversation: &Conversation) -> MessageKey {
    let message = UserMessage::new("Hi", &*conversation.sender_id).with_message_id(&*conversation.sender_id);
    let channel = "chat".into();
    store
        .accept(Incoming { conversation, channel: &channel, message: &message, waits: false })
        .await
        .unwrap();
    MessageKey::new("chat", &*conversation.sender_id)
}

async fn step(
    store: &PostgresStore,
    conversation: &Conversation,
    lease: u64,
    message: &MessageKey,
) -> Result<Vec<u64>, StoreError> {
    let step = Step {
        conversation,
        lease,
        events: &[Arc::new(Event::action(&*conversation.sender_id))],
        replies: &[],
        outward: None,
        message: Some(message),
        number: 0,
        is_last: true,
        supersedes: &[],
        schedule: &[],
    };
    store.commit(step).await
}

#[tokio::test]
async fn one_without_its_lease_fails_alone() {
    let Some(shared) = Shared::new() else { return };
    let store = shared.open().await;
    let steps = (0..40).map(async |number: u64| {
        let conversation = Conversation::new("chat", number.to_string());
        let message = accept_of(&store, &conversation).await;
        let lease = store.lease(&conversation).await.unwrap().unwrap();
        let is_stale = number.is_multiple_of(7);
        let committed = step(&store, &conversation, lease - u64::from(is_stale), &message).await;
        assert_eq!(matches!(committed, Err(StoreError::Fenced)), is_stale, "{number}: {committed:?}");
        let kept = store.load(&conversation).await.unwrap();
        let expected = (!is_stale).then(|| vec![Event::action(number.to_string())]);
        let names =
            |events: Option<Vec<Event>>| events.map(|events| serde_json::json!(events)[0]["name"].clone());
        assert_eq!(names(kept), names(expected));
    });
    join_all(steps).await;
}

#[tokio::test]
async fn one_that_hangs_fails_alone() {
    let Some(mut shared) = Shared::new() else { return };
    shared.options.time_limit = Duration::from_secs(1);
    let store = shared.open().await;
    accept(&store, "1").await;
    let lease = store.lease(&ada()).await.unwrap().unwrap();
    let reply = commit(&store, lease, 0, true).await.unwrap()[0];
    let bob = Conversation::new("chat", "bob");
    let message = accept_of(&store, &bob).await;
    let lease_of_bob = store.lease(&bob).await.unwrap().unwrap();

    let mut locker = shared.lock_conversation_of_ada().await;
    let conversation = ada();
    let settle = || store.settle(&conversation, lease, reply, Settlement::Sent);
    let (of_ada, of_bob) =
        tokio::join!(join_all([settle(), settle(), settle()]), step(&store, &bob, lease_of_bob, &message));
    assert!(of_ada.iter().all(|settled| matches!(settled, Err(StoreError::Failed(_)))), "{of_ada:?}");
    of_bob.unwrap();

    shared.unlock_conversations();
    locker.wait().unwrap();
    until(async || settle().await.ok()).await;
}
