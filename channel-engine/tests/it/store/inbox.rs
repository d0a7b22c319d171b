//! Which messages are new.

use std::sync::Arc;

use channel_core::UserMessage;
use channel_engine::{
    Accepted::{self, Duplicate, New, Reopened},
    Conversation, Incoming, Progress, Retrial, State, Step, Store,
};
use serde_json::json;

use super::support::{
    accept, accept_awaited, accept_in, actions, ada, answer, bob, commit, end, fail, idle, in_days, is_now,
    kept, key, kill, message, pending, pending_ids, state,
};

pub(super) async fn an_id_is_new_once(store: Arc<impl Store>) {
    assert!(matches!(accept(&*store, "1").await, New { .. }));
    assert_eq!(accept(&*store, "1").await, Duplicate);
    assert!(matches!(accept(&*store, "2").await, New { .. }));
    end(&*store, "1").await;
    assert_eq!(accept(&*store, "1").await, Duplicate, "also after its turn");
    assert_eq!(pending_ids(&*store).await, ["2"]);
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
        new += usize::from(task.await.unwrap() != Duplicate);
    }
    assert_eq!(new, 1);
    assert_eq!(pending(&*store).await.len(), 1);
}

pub(super) async fn an_id_is_one_message_of_a_channel(store: Arc<impl Store>) {
    let through = async |channel: &str, conversation: &Conversation| -> Accepted {
        let (channel, message) = (channel.into(), message("1"));
        let incoming = Incoming { conversation, channel: &channel, message: &message, waits: false };
        store.accept(incoming).await.unwrap()
    };
    let shared = Conversation::new("", "ada");
    assert!(matches!(through("chat", &shared).await, New { .. }));
    assert!(matches!(through("chat/acme", &shared).await, New { .. }), "the conversation says nothing of it");
    assert!(matches!(through("", &shared).await, New { .. }));
    assert_eq!(through("chat", &ada()).await, Duplicate);
    assert_eq!(through("chat", &bob()).await, Duplicate, "whoever sends it");
}

pub(super) async fn numbers_grow_with_each_message(store: Arc<impl Store>) {
    let mut last = 0;
    for number in 0..20 {
        let New { id } = accept(&*store, &number.to_string()).await else { panic!("{number} is new") };
        assert!(number == 0 || id > last);
        last = id;
        accept_in(&*store, &bob(), &format!("of bob {number}")).await;
    }
    let numbers: Vec<_> = pending(&*store).await.iter().map(|pending| pending.id).collect();
    assert!(numbers.is_sorted() && numbers.last() == Some(&last));
}

pub(super) async fn every_part_of_a_message_is_kept(store: Arc<impl Store>) {
    let mut message: UserMessage = serde_json::from_value(json!({
        "text": "Grüße\0 🐈\n", "sender_id": "ada", "message_id": "ä/1", "input_channel": "chat",
        "metadata": { "b": 0.1, "a": [null] }, "parse_data": { "intent": { "name": "greet" } },
        "headers": [["traceparent", "00-1"]], "recipient": { "id": "C1", "details": { "thread_ts": "1.2" } },
    }))
    .unwrap();
    message.text.push_str(&" long".repeat(10_000));
    let channel = "chat/acme".into();
    let incoming = Incoming { conversation: &ada(), channel: &channel, message: &message, waits: true };
    let New { id } = store.accept(incoming).await.unwrap() else { panic!("it is new") };

    let [kept] = pending(&*store).await.try_into().unwrap();
    assert_eq!(kept.message, message);
    assert_eq!((kept.id, &kept.channel, kept.waits), (id, &channel, true));
    assert_eq!((kept.attempts, kept.retry_at, kept.progress), (0, None, Progress::default()));
    assert!(is_now(kept.accepted_at));
}

pub(super) async fn a_message_is_of_its_conversation(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    accept_in(&*store, &bob(), "2").await;
    assert_eq!(pending_ids(&*store).await, ["1"]);
    assert_eq!(store.pending(&Conversation::new("other", "ada"), 9).await.unwrap(), []);
    assert_eq!(store.pending(&bob(), 9).await.unwrap().len(), 1);
}

/// The caller was told that it failed, and tries again.
pub(super) async fn a_dead_letter_is_reopened_by_a_caller_who_waits(store: Arc<impl Store>) {
    accept_awaited(&*store, "1").await;
    accept_awaited(&*store, "2").await;
    let events = actions(["a", "b"]);
    let replies = ["of the first try".into()];
    let (conversation, key) = (ada(), key("1"));
    let step = Step { events: &events, replies: &replies, message: Some(&key), ..idle(&conversation) };
    commit(&*store, Step { is_last: false, ..step }).await;
    let letter = kill(&*store, "1").await;

    assert_eq!(accept(&*store, "1").await, Duplicate, "one who does not wait was told nothing");
    let Reopened { id } = accept_awaited(&*store, "1").await else { panic!("it is reopened") };
    assert_eq!(accept_awaited(&*store, "1").await, Duplicate, "it is pending");
    assert_eq!(pending_ids(&*store).await, ["2", "1"], "at the end of what is");
    let again = pending(&*store).await.pop().unwrap();
    assert_eq!((again.id, again.attempts, again.retry_at, again.waits), (id, 0, None, true));
    let progress = Progress { steps: 1, events: 0, replies: replies.to_vec() };
    assert_eq!(again.progress, progress, "it goes on from its last step");
    assert_eq!(store.dead_letter(letter).await.unwrap(), None);

    answer(&*store, "1", &["of the second".into()], true).await;
    let progress = kept(&*store, "1").await.progress;
    assert_eq!(progress.replies, ["of the first try".into(), "of the second".into()]);
}

pub(super) async fn a_dead_letter_that_nobody_waited_for_stays_one(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    kill(&*store, "1").await;
    assert_eq!(accept_awaited(&*store, "1").await, Duplicate);
    assert_eq!(accept(&*store, "1").await, Duplicate);
    assert_eq!(state(&*store, "1").await, State::Dead("it broke".to_owned()));

    accept_awaited(&*store, "2").await;
    fail(&*store, "2", "busy", Retrial::At(in_days(1))).await;
    assert_eq!(accept_awaited(&*store, "2").await, Duplicate, "it is tried again anyway");
}
