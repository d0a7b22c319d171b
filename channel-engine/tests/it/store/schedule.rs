//! What happens later.

use std::{sync::Arc, time::Duration};

use channel_core::{BotMessage, Recipient};
use channel_engine::{Due, Progress, Ripe, Scheduled, Step, Store};

use super::support::{
    accept, ada, bob, chat, commit, end, idle, in_days, message, pending, pending_ids, say, schedule, unsent,
    unsent_texts,
};

fn wake(id: &str) -> Due {
    Due::Message(Box::new(message(id)))
}

fn remind(text: &str) -> Due {
    Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text(text)))
}

pub(super) async fn nothing_is_due_at_first(store: Arc<impl Store>) {
    assert_eq!(store.ripen(in_days(1_000)).await.unwrap(), Ripe::default());
}

pub(super) async fn nothing_happens_before_its_time(store: Arc<impl Store>) {
    let due = schedule(&*store, 2, wake("1")).await.due;
    let later = schedule(&*store, 3, remind("later")).await.due;
    let asked_early = store.ripen(due - Duration::from_micros(1)).await.unwrap();
    assert_eq!(asked_early, Ripe { conversations: vec![], next: Some(due) });
    assert_eq!((pending(&*store).await, unsent(&*store).await), (vec![], vec![]));
    assert_eq!(store.message(&super::support::key("1")).await.unwrap(), None);

    let in_time = store.ripen(due).await.unwrap();
    assert_eq!(in_time, Ripe { conversations: vec![ada()], next: Some(later) });
    assert_eq!(pending_ids(&*store).await, ["1"]);
    assert_eq!(unsent(&*store).await, []);
}

pub(super) async fn what_is_due_happens_once(store: Arc<impl Store>) {
    schedule(&*store, 1, wake("1")).await;
    schedule(&*store, 1, remind("a")).await;
    let ripe = store.ripen(in_days(2)).await.unwrap();
    assert_eq!(ripe, Ripe { conversations: vec![ada()], next: None });
    assert_eq!(store.ripen(in_days(2)).await.unwrap(), Ripe::default());
    assert_eq!(pending_ids(&*store).await, ["1"]);
    assert_eq!(unsent_texts(&*store).await, ["a"]);
}

pub(super) async fn what_is_due_comes_in_order_and_last(store: Arc<impl Store>) {
    for (days, id) in [(3, "late"), (1, "early"), (2, "between"), (9, "not yet")] {
        schedule(&*store, days, wake(id)).await;
        schedule(&*store, days, remind(id)).await;
    }
    accept(&*store, "now").await;
    say(&*store, &ada(), &["now"]).await;
    store.ripen(in_days(4)).await.unwrap();
    let order = ["now", "early", "between", "late"];
    assert_eq!(pending_ids(&*store).await, order);
    assert_eq!(unsent_texts(&*store).await, order);
}

pub(super) async fn a_scheduled_message_is_like_any_other(store: Arc<impl Store>) {
    let Scheduled { channel, what, .. } = schedule(&*store, 1, wake("1")).await;
    store.ripen(in_days(2)).await.unwrap();
    let [pending] = pending(&*store).await.try_into().unwrap();
    assert_eq!(Due::Message(Box::new(pending.message)), what);
    assert_eq!((pending.channel, pending.waits, pending.progress), (channel, false, Progress::default()));
    assert_eq!(accept(&*store, "1").await, channel_engine::Accepted::Duplicate);
}

pub(super) async fn a_scheduled_reply_is_like_any_other(store: Arc<impl Store>) {
    let Scheduled { channel, what, .. } = schedule(&*store, 1, remind("Grüße 🐈")).await;
    store.ripen(in_days(2)).await.unwrap();
    let [outgoing] = unsent(&*store).await.try_into().unwrap();
    assert_eq!(Due::Reply(outgoing.to, Box::new(outgoing.reply)), what);
    assert_eq!((outgoing.channel, outgoing.attempts, outgoing.retry_at), (channel, 0, None));
}

pub(super) async fn a_scheduled_message_that_is_known_is_forgotten(store: Arc<impl Store>) {
    schedule(&*store, 1, wake("pending")).await;
    schedule(&*store, 1, wake("over")).await;
    schedule(&*store, 1, wake("twice")).await;
    schedule(&*store, 1, wake("twice")).await;
    accept(&*store, "pending").await;
    accept(&*store, "over").await;
    end(&*store, "over").await;
    store.ripen(in_days(2)).await.unwrap();
    assert_eq!(pending_ids(&*store).await, ["pending", "twice"]);
    assert_eq!(store.backlog().await.unwrap().scheduled, 0);

    schedule(&*store, 1, wake("over")).await;
    assert_eq!(store.ripen(in_days(2)).await.unwrap(), Ripe::default(), "nobody has anything to do");
}

pub(super) async fn everybody_with_something_due_is_told(store: Arc<impl Store>) {
    let due = |what| Scheduled { due: in_days(1), channel: chat(), what };
    let (of_ada, of_bob) = ([due(remind("a")), due(wake("1"))], [due(remind("b"))]);
    commit(&*store, Step { schedule: &of_ada, ..idle(&ada()) }).await;
    commit(&*store, Step { schedule: &of_bob, ..idle(&bob()) }).await;
    let mut ripe = store.ripen(in_days(2)).await.unwrap();
    ripe.conversations.sort();
    assert_eq!(ripe.conversations, [ada(), bob()], "once each");
    assert_eq!(store.unsent(&bob(), 9).await.unwrap().len(), 1);
}
