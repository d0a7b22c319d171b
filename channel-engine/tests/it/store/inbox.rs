//! Messages, and the replies of their turns.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use channel_core::{BotMessage, Button, Element};
use channel_engine::{
    Accepted::{self, Duplicate, New},
    Conversation, Store,
};
use serde_json::json;

use super::support::{accept, ada, answer, key, message};

pub(super) async fn an_id_is_new_once(store: Arc<impl Store>) {
    assert_eq!(accept(&*store, "1").await, New);
    assert_eq!(accept(&*store, "1").await, Duplicate);
    assert_eq!(accept(&*store, "2").await, New);
    answer(&*store, "1", &[], true).await;
    assert_eq!(accept(&*store, "1").await, Duplicate, "also after its turn");
}

pub(super) async fn an_id_is_new_for_one_of_many_at_once(store: Arc<impl Store>) {
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { accept(&*store, "1").await })
        })
        .collect();
    let mut new = 0;
    for task in tasks {
        new += usize::from(task.await.unwrap() == New);
    }
    assert_eq!(new, 1);
}

pub(super) async fn an_id_is_one_message_of_a_channel(store: Arc<impl Store>) {
    let through = async |channel: &str, sender: &str| -> Accepted {
        store.accept(&Conversation::new(channel, sender), &message("1")).await.unwrap()
    };
    assert_eq!(through("chat", "ada").await, New);
    assert_eq!(through("chat/acme", "ada").await, New);
    assert_eq!(through("", "ada").await, New);
    assert_eq!(through("chat", "bob").await, Duplicate, "whoever sends it");
}

pub(super) async fn replies_are_there_once_the_turn_is_over(store: Arc<impl Store>) {
    assert_eq!(store.replies(&key("1")).await.unwrap(), None, "nobody knows it");
    accept(&*store, "1").await;
    assert_eq!(store.replies(&key("1")).await.unwrap(), None);
    answer(&*store, "1", &["a".into(), "b".into()], false).await;
    assert_eq!(store.replies(&key("1")).await.unwrap(), None, "a step is not all");
    answer(&*store, "1", &["c".into()], true).await;
    let replies = store.replies(&key("1")).await.unwrap();
    assert_eq!(replies, Some(vec!["a".into(), "b".into(), "c".into()]));
}

pub(super) async fn a_turn_without_replies_is_over_too(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    answer(&*store, "1", &[], true).await;
    assert_eq!(store.replies(&key("1")).await.unwrap(), Some(Vec::new()));
}

pub(super) async fn every_part_of_a_reply_is_kept(store: Arc<impl Store>) {
    let mut reply = BotMessage::text("Grüße\0 🐈\n")
        .with_buttons([Button::new("Yes", "/affirm").with("url", "https://example.com")])
        .with_quick_replies([Button { title: "no payload".to_owned(), ..Button::default() }])
        .with_image("https://example.com/cat.png")
        .with_attachment(json!({ "type": "file", "size": 0.1 }))
        .with_elements([Element::new("Cat", "Purrs")])
        .with_custom(json!([null, { "a": -1 }]));
    reply.metadata.insert("utter_action".to_owned(), "utter_cat".into());
    accept(&*store, "1").await;
    answer(&*store, "1", std::slice::from_ref(&reply), true).await;
    assert_eq!(store.replies(&key("1")).await.unwrap(), Some(vec![reply]));
}

pub(super) async fn a_failed_message_is_new_again(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    answer(&*store, "1", &["of the first try".into()], false).await;
    store.fail(&key("1")).await.unwrap();
    assert_eq!(store.replies(&key("1")).await.unwrap(), None);
    assert_eq!(accept(&*store, "1").await, New);
    answer(&*store, "1", &["of the second".into()], true).await;
    assert_eq!(store.replies(&key("1")).await.unwrap(), Some(vec!["of the second".into()]));
    store.fail(&key("unknown")).await.unwrap();
}

pub(super) async fn a_message_whose_turn_is_over_does_not_fail(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    answer(&*store, "1", &["kept".into()], true).await;
    store.fail(&key("1")).await.unwrap();
    assert_eq!(accept(&*store, "1").await, Duplicate);
    assert_eq!(store.replies(&key("1")).await.unwrap(), Some(vec!["kept".into()]));
}

pub(super) async fn sweeping_forgets_what_was_over_before(store: Arc<impl Store>) {
    const HOUR: Duration = Duration::from_hours(1);
    accept(&*store, "over").await;
    accept(&*store, "at work").await;
    answer(&*store, "over", &["a".into()], true).await;
    answer(&*store, "at work", &["b".into()], false).await;

    store.sweep(SystemTime::now() - HOUR).await.unwrap();
    assert_eq!(accept(&*store, "over").await, Duplicate, "it was over later");
    store.sweep(SystemTime::now() + HOUR).await.unwrap();
    assert_eq!(store.replies(&key("over")).await.unwrap(), None);
    assert_eq!(accept(&*store, "over").await, New);
    assert_eq!(accept(&*store, "at work").await, Duplicate);
    assert_eq!(store.load(&ada()).await.unwrap(), Some(Vec::new()), "conversations stay");
}
