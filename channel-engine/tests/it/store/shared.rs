//! What servers that share a store promise each other.

use std::{sync::Arc, time::Duration};

use channel_core::{BotMessage, Recipient};
use channel_engine::{
    Accepted::Duplicate, Conversation, Due, Notice, Outward, Retrial, Settlement, Step, Store, StoreError,
};
use tokio::sync::mpsc::Receiver;

use super::support::{
    Database, accept, accept_awaited, actions, ada, add, bob, chat, end, idle, in_days, key, load, pending,
    pending_ids, say, schedule, unsent, unsent_texts,
};

async fn lease(store: &impl Store, conversation: &Conversation) -> Option<u64> {
    store.lease(conversation).await.unwrap()
}

async fn release(store: &impl Store, lease: u64) -> bool {
    store.release(&ada(), lease).await.unwrap()
}

pub(super) async fn a_conversation_has_one_holder(database: &impl Database) {
    let (one, other) = (database.open().await, database.open().await);
    let held = lease(&*one, &ada()).await.unwrap();
    assert_eq!(lease(&*other, &ada()).await, None);
    assert!(lease(&*other, &bob()).await.is_some(), "another conversation is free");
    let again = lease(&*one, &ada()).await.expect("who holds it may take it once more");
    assert!(again >= held);
    release(&*one, again).await;
    assert!(lease(&*other, &ada()).await.is_some());
    assert_eq!(lease(&*one, &ada()).await, None);
}

pub(super) async fn leases_grow(database: &impl Database) {
    let (one, other) = (database.open().await, database.open().await);
    let mut last = 0;
    for _ in 0..3 {
        for store in [&one, &other] {
            let number = lease(&**store, &ada()).await.unwrap();
            assert!(number > last);
            release(&**store, number).await;
            last = number;
        }
    }
}

pub(super) async fn one_of_many_gets_the_lease(database: &impl Database) {
    let stores = [database.open().await, database.open().await, database.open().await];
    for number in 0..20 {
        let tasks = stores.each_ref().map(|store| {
            let (store, conversation) = (Arc::clone(store), Conversation::new("chat", number.to_string()));
            tokio::spawn(async move { lease(&*store, &conversation).await.is_some() })
        });
        let mut holders = 0;
        for task in tasks {
            holders += usize::from(task.await.unwrap());
        }
        assert_eq!(holders, 1);
    }
}

pub(super) async fn who_was_replaced_changes_nothing(database: &impl Database) {
    let (old, new) = (database.open().await, database.open().await);
    accept(&*old, "1").await;
    add(&*old, &ada(), &actions(["a"])).await;
    let reply = say(&*old, &ada(), &["a"]).await[0];
    let lease_of_old = lease(&*old, &ada()).await.unwrap();
    release(&*old, lease_of_old).await;
    let lease_of_new = lease(&*new, &ada()).await.unwrap();
    let before = (load(&*new, &ada()).await, pending(&*new).await, unsent(&*new).await);

    let (conversation, key, events, replies) = (ada(), key("1"), actions(["b"]), ["b".into()]);
    let (channel, to) = (chat(), Recipient::new("ada"));
    let outward = Some(Outward { channel: &channel, to: &to });
    let step =
        Step { events: &events, replies: &replies, outward, message: Some(&key), ..idle(&conversation) };
    let lease = lease_of_old;
    let attempts = [
        old.commit(Step { lease, ..step }).await.map(drop),
        old.fail(&key, lease, "it broke", Retrial::Never).await,
        old.supersede(std::slice::from_ref(&key), lease, "why").await,
        old.settle(&conversation, lease, reply, Settlement::Sent).await,
        old.replace(&conversation, lease, &events).await,
        old.remove(&conversation, lease).await.map(drop),
    ];
    for (number, attempt) in attempts.into_iter().enumerate() {
        assert!(matches!(attempt, Err(StoreError::Fenced)), "attempt {number}: {attempt:?}");
    }
    assert_eq!((load(&*new, &ada()).await, pending(&*new).await, unsent(&*new).await), before);

    release(&*old, lease_of_old).await;
    assert_eq!(self::lease(&*old, &ada()).await, None, "nor does it give away what it does not have");
    new.commit(Step { lease: lease_of_new, ..step }).await.expect("who holds it may");
}

pub(super) async fn release_tells_what_another_server_left(database: &impl Database) {
    let (holder, other) = (database.open().await, database.open().await);
    let held = lease(&*holder, &ada()).await.unwrap();
    assert!(!release(&*holder, held).await, "nothing was left");

    let held = lease(&*holder, &ada()).await.unwrap();
    accept(&*other, "1").await;
    assert!(release(&*holder, held).await);
    assert_eq!(pending_ids(&*holder).await, ["1"]);
    end(&*holder, "1").await;

    let held = lease(&*holder, &ada()).await.unwrap();
    assert!(!release(&*holder, held).await, "that is done");
}

pub(super) async fn release_tells_what_came_due_elsewhere(database: &impl Database) {
    let (holder, other) = (database.open().await, database.open().await);
    let later = Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text("later")));
    schedule(&*holder, 1, later).await;
    let held = lease(&*holder, &ada()).await.unwrap();
    other.ripen(in_days(2)).await.unwrap();
    assert!(release(&*holder, held).await);
    assert_eq!(unsent_texts(&*holder).await, ["later"]);
}

pub(super) async fn what_is_held_is_no_work_for_others(database: &impl Database) {
    let (holder, other) = (database.open().await, database.open().await);
    accept(&*other, "1").await;
    say(&*other, &bob(), &["a"]).await;
    let held = lease(&*holder, &ada()).await.unwrap();
    assert_eq!(other.work(None, 9).await.unwrap(), [bob()]);
    release(&*holder, held).await;
    assert_eq!(other.work(None, 9).await.unwrap(), [ada(), bob()]);
}

pub(super) async fn an_id_is_new_on_one_server(database: &impl Database) {
    let (one, other) = (database.open().await, database.open().await);
    let mut new = 0;
    for number in 0..20 {
        let tasks = [&one, &other].map(|store| {
            let store = Arc::clone(store);
            tokio::spawn(async move { accept(&*store, &number.to_string()).await != Duplicate })
        });
        for task in tasks {
            new += usize::from(task.await.unwrap());
        }
    }
    assert_eq!(new, 20);
    assert_eq!(pending(&*one).await, pending(&*other).await);
}

pub(super) async fn what_is_due_comes_due_once(database: &impl Database) {
    let (one, other) = (database.open().await, database.open().await);
    for number in 0..20 {
        let later = Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text(number.to_string())));
        schedule(&*one, 1, later).await;
    }
    let due = in_days(2);
    let (first, second) = tokio::join!(one.ripen(due), other.ripen(due));
    let told = [first.unwrap(), second.unwrap()].iter().any(|ripe| ripe.conversations == [ada()]);
    assert!(told);
    assert_eq!(unsent(&*one).await.len(), 20);
}

/// Waits for a notice: others may come before it.
async fn hear(notices: &mut Receiver<Notice>, wanted: Notice) {
    let heard = async { while notices.recv().await.expect("the store lasts") != wanted {} };
    let in_time = tokio::time::timeout(Duration::from_secs(30), heard).await;
    assert!(in_time.is_ok(), "nobody told of {wanted:?}");
}

pub(super) async fn the_holder_hears_who_wants_its_conversation(database: &impl Database) {
    let (holder, other) = (database.open().await, database.open().await);
    let mut notices = holder.notices().expect("there are others");
    lease(&*holder, &ada()).await.unwrap();
    accept(&*other, "1").await;
    assert_eq!(lease(&*other, &ada()).await, None);
    hear(&mut notices, Notice::Wanted(ada())).await;
}

pub(super) async fn who_accepted_a_message_hears_of_its_end(database: &impl Database) {
    let (holder, other) = (database.open().await, database.open().await);
    let mut notices = other.notices().expect("there are others");
    accept_awaited(&*other, "1").await;
    end(&*holder, "1").await;
    hear(&mut notices, Notice::Over(key("1"))).await;
}

pub(super) async fn others_hear_what_is_scheduled(database: &impl Database) {
    let (one, other) = (database.open().await, database.open().await);
    let mut notices = other.notices().expect("there are others");
    let later = Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text("later")));
    let due = schedule(&*one, 1, later).await.due;
    hear(&mut notices, Notice::Scheduled(due)).await;
}
