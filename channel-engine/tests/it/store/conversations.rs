//! Conversations as a whole.

use std::sync::Arc;

use channel_engine::{Conversation, Store};

use super::support::{accept, actions, ada, add, bob, load, pending_ids, remove, replace};

pub(super) async fn conversations_are_kept_apart(store: Arc<impl Store>) {
    let long = "x".repeat(2_000);
    let names = [
        ("chat", "ada"),
        ("chat", "Ada"),
        ("chat", "ada "),
        ("chat", "adä"),
        ("chat", "ad%"),
        ("chat", ""),
        ("", "ada"),
        ("", "chat:ada"),
        ("chat", "a:b"),
        ("chat:a", "b"),
        ("chat/acme", "ada"),
        ("chat", &long),
    ];
    let all = names.map(|(channel, sender_id)| Conversation::new(channel, sender_id));
    for (number, conversation) in all.iter().enumerate() {
        add(&*store, conversation, &actions([&number.to_string()])).await;
    }
    for (number, conversation) in all.iter().enumerate() {
        let loaded = load(&*store, conversation).await;
        let names: Vec<_> = loaded.iter().map(|event| serde_json::json!(**event)["name"].clone()).collect();
        assert_eq!(names, [number.to_string()], "{conversation}");
    }
}

pub(super) async fn a_sender_is_found_by_exactly_that_id(store: Arc<impl Store>) {
    let channels = ["slack/umbra", "chat", "", "slack/acme", "Chat"];
    for channel in channels {
        add(&*store, &Conversation::new(channel, "ada"), &actions(["a"])).await;
    }
    for other in ["Ada", "ad", "ada2", "%", "_da", ""] {
        add(&*store, &Conversation::new("other", other), &actions(["a"])).await;
    }
    let found = store.find("ada").await.unwrap();
    let sorted = ["", "Chat", "chat", "slack/acme", "slack/umbra"];
    assert_eq!(found, sorted.map(|channel| Conversation::new(channel, "ada")));
    assert_eq!(store.find("nobody").await.unwrap(), []);
}

pub(super) async fn replacing_leaves_nothing_of_before(store: Arc<impl Store>) {
    let other = Conversation::new("other", "ada");
    for conversation in [&ada(), &other] {
        add(&*store, conversation, &actions(["a", "b"])).await;
    }
    let [new, later] = actions(["new", "later"]);
    replace(&*store, &ada(), std::slice::from_ref(&new)).await;
    assert_eq!(load(&*store, &ada()).await, [Arc::clone(&new)]);
    assert_eq!(load(&*store, &other).await.len(), 2);
    add(&*store, &ada(), std::slice::from_ref(&later)).await;
    assert_eq!(load(&*store, &ada()).await, [new, later], "it goes on from there");

    replace(&*store, &bob(), &actions(["a"])).await;
    assert_eq!(load(&*store, &bob()).await.len(), 1, "also where there was none");
    assert_eq!(store.find("bob").await.unwrap(), [bob()]);
}

pub(super) async fn removing_forgets_one_conversation(store: Arc<impl Store>) {
    let other = Conversation::new("other", "ada");
    for conversation in [&ada(), &other] {
        add(&*store, conversation, &actions(["a"])).await;
    }
    accept(&*store, "1").await;
    assert!(remove(&*store, &ada()).await);
    assert!(!remove(&*store, &ada()).await);
    assert_eq!(store.load(&ada()).await.unwrap(), None);
    assert_eq!(store.find("ada").await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(load(&*store, &other).await.len(), 1);
    assert_eq!(pending_ids(&*store).await, ["1"], "its messages stay");
    add(&*store, &ada(), &actions(["anew"])).await;
    assert_eq!(load(&*store, &ada()).await.len(), 1, "nothing of before comes back");
}
