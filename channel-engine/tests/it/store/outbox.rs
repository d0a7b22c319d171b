//! Replies on their way.

use std::sync::Arc;

use channel_core::{BotMessage, Recipient};
use channel_engine::{Outward, Settlement, Step, Store};

use super::support::{
    ada, bob, bounce, commit, idle, in_days, load, remove, replace, say, settle, unsent, unsent_texts,
};

pub(super) async fn replies_wait_in_order(store: Arc<impl Store>) {
    let mut ids = say(&*store, &ada(), &["a", "b"]).await;
    say(&*store, &bob(), &["to bob"]).await;
    ids.extend(say(&*store, &ada(), &["c"]).await);
    let waiting = unsent(&*store).await;
    assert_eq!(waiting.iter().map(|outgoing| outgoing.id).collect::<Vec<_>>(), ids);
    assert!(ids.is_sorted_by(|one, next| one < next));
    assert_eq!(unsent_texts(&*store).await, ["a", "b", "c"]);
    assert_eq!(store.unsent(&ada(), 2).await.unwrap(), waiting[..2]);
    assert_eq!(store.unsent(&bob(), 9).await.unwrap().len(), 1);
}

pub(super) async fn a_reply_knows_where_it_goes(store: Arc<impl Store>) {
    let mut to = Recipient::new("C024BE91L");
    to.details.insert("thread_ts".into(), "1482960137.003543".into());
    let channel = "slack/acme".into();
    let replies = [BotMessage::text("Grüße 🐈").with_image("https://example.com/cat.png")];
    let outward = Some(Outward { channel: &channel, to: &to });
    let ids = commit(&*store, Step { replies: &replies, outward, ..idle(&ada()) }).await;
    let [outgoing] = unsent(&*store).await.try_into().unwrap();
    assert_eq!(ids, [outgoing.id]);
    assert_eq!((&outgoing.channel, &outgoing.to, &outgoing.reply), (&channel, &to, &replies[0]));
    assert_eq!((outgoing.attempts, outgoing.retry_at), (0, None));
}

pub(super) async fn what_the_caller_gets_is_not_sent(store: Arc<impl Store>) {
    let ids = commit(&*store, Step { replies: &["a".into()], ..idle(&ada()) }).await;
    assert_eq!((ids, unsent(&*store).await), (vec![], vec![]));
}

pub(super) async fn what_is_sent_is_gone(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["a", "b", "c"]).await;
    settle(&*store, ids[1], Settlement::Sent).await;
    assert_eq!(unsent_texts(&*store).await, ["a", "c"]);
    settle(&*store, ids[1], Settlement::Sent).await;
    settle(&*store, ids[1], Settlement::Retry { at: in_days(1), error: "too late", rest: None }).await;
    assert_eq!(unsent_texts(&*store).await, ["a", "c"], "once is enough");
}

pub(super) async fn a_reply_is_settled_in_its_conversation(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["a"]).await;
    let lease = store.lease(&bob()).await.unwrap().unwrap();
    store.settle(&bob(), lease, ids[0], Settlement::Sent).await.unwrap();
    assert_eq!(unsent_texts(&*store).await, ["a"]);
}

pub(super) async fn a_reply_is_tried_again(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["a", "b"]).await;
    for attempt in 1..=3 {
        let at = in_days(attempt);
        settle(&*store, ids[0], Settlement::Retry { at, error: "busy", rest: None }).await;
        let first = unsent(&*store).await.swap_remove(0);
        assert_eq!((first.id, first.attempts, first.retry_at), (ids[0], attempt, Some(at)));
        assert_eq!(first.reply, "a".into());
    }
    assert_eq!(unsent_texts(&*store).await, ["a", "b"], "it keeps its place");
}

pub(super) async fn only_the_rest_is_tried_again(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["first half, second half"]).await;
    let rest = "second half".into();
    settle(&*store, ids[0], Settlement::Retry { at: in_days(1), error: "busy", rest: Some(&rest) }).await;
    assert_eq!(unsent_texts(&*store).await, ["second half"]);
    settle(&*store, ids[0], Settlement::Retry { at: in_days(2), error: "busy", rest: None }).await;
    assert_eq!(unsent_texts(&*store).await, ["second half"], "it stays so");
}

pub(super) async fn a_dead_reply_lets_the_next_go_on(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["a", "b"]).await;
    bounce(&*store, ids[0]).await;
    assert_eq!(unsent_texts(&*store).await, ["b"]);
}

pub(super) async fn replies_outlast_the_events(store: Arc<impl Store>) {
    say(&*store, &ada(), &["a"]).await;
    replace(&*store, &ada(), &[]).await;
    assert_eq!(load(&*store, &ada()).await, []);
    remove(&*store, &ada()).await;
    assert_eq!(unsent_texts(&*store).await, ["a"]);
}
