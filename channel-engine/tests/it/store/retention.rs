//! What is forgotten, and when.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use channel_engine::{Accepted::Duplicate, Expired, Filter, State, Store};

use super::support::{
    HOUR, accept, accept_in, actions, ada, add, bob, bounce, end, key, kill, nothing, pending_ids, say,
    state, supersede, unsent_texts,
};

fn ago() -> SystemTime {
    SystemTime::now() - HOUR
}

fn ahead() -> SystemTime {
    SystemTime::now() + HOUR
}

/// A time after all that has happened, and before all that will.
fn between() -> SystemTime {
    let time = SystemTime::now() + Duration::from_micros(2);
    while SystemTime::now() < time + Duration::from_micros(2) {}
    time
}

pub(super) async fn messages_are_forgotten_that_were_over_before(store: Arc<impl Store>) {
    for id in ["over", "superseded", "discarded", "dead", "pending"] {
        accept(&*store, id).await;
    }
    end(&*store, "over").await;
    supersede(&*store, &["superseded"], "why").await;
    let discarded = kill(&*store, "discarded").await;
    store.discard(discarded).await.unwrap();
    kill(&*store, "dead").await;

    store.sweep(Expired { messages: ago(), ..nothing() }).await.unwrap();
    for id in ["over", "superseded", "discarded", "dead", "pending"] {
        assert_eq!(accept(&*store, id).await, Duplicate, "it was {id} later");
    }
    store.sweep(Expired { messages: ahead(), ..nothing() }).await.unwrap();
    for id in ["over", "superseded", "discarded"] {
        assert_eq!(store.message(&key(id)).await.unwrap(), None, "{id}");
        assert_ne!(accept(&*store, id).await, Duplicate, "{id}");
    }
    assert_eq!(state(&*store, "dead").await, State::Dead("it broke".to_owned()));
    assert_eq!(state(&*store, "pending").await, State::Pending);
    assert_eq!(store.load(&ada()).await.unwrap(), Some(Vec::new()), "conversations stay");
}

pub(super) async fn dead_letters_are_forgotten_that_are_from_before(store: Arc<impl Store>) {
    for id in ["over", "dead", "pending"] {
        accept(&*store, id).await;
    }
    end(&*store, "over").await;
    kill(&*store, "dead").await;
    let replies = say(&*store, &ada(), &["dead", "unsent"]).await;
    bounce(&*store, replies[0]).await;
    let count = async || store.dead_letters(&Filter::default()).await.unwrap().len();

    store.sweep(Expired { dead_letters: ago(), ..nothing() }).await.unwrap();
    assert_eq!(count().await, 2);
    store.sweep(Expired { dead_letters: ahead(), ..nothing() }).await.unwrap();
    assert_eq!(count().await, 0);
    assert_eq!(store.message(&key("dead")).await.unwrap(), None);
    assert_eq!(state(&*store, "over").await, State::Over);
    assert_eq!(pending_ids(&*store).await, ["pending"]);
    assert_eq!(unsent_texts(&*store).await, ["unsent"]);
}

pub(super) async fn conversations_are_forgotten_in_which_nothing_happened(store: Arc<impl Store>) {
    for conversation in [ada(), bob()] {
        add(&*store, &conversation, &actions(["a"])).await;
    }
    store.sweep(Expired { messages: ahead(), dead_letters: ahead(), conversations: None }).await.unwrap();
    store.sweep(Expired { conversations: Some(ago()), ..nothing() }).await.unwrap();
    assert_eq!(store.find("ada").await.unwrap(), [ada()]);
    store.sweep(Expired { conversations: Some(ahead()), ..nothing() }).await.unwrap();
    for conversation in [ada(), bob()] {
        assert_eq!(store.load(&conversation).await.unwrap(), None);
    }
    assert_eq!(store.find("ada").await.unwrap(), []);
}

pub(super) async fn conversations_with_work_are_not_forgotten(store: Arc<impl Store>) {
    for conversation in [ada(), bob()] {
        add(&*store, &conversation, &actions(["a"])).await;
    }
    accept_in(&*store, &ada(), "1").await;
    say(&*store, &bob(), &["a"]).await;
    store.sweep(Expired { conversations: Some(ahead()), ..nothing() }).await.unwrap();
    for conversation in [ada(), bob()] {
        assert_eq!(store.load(&conversation).await.unwrap().unwrap().len(), 1);
    }
}

pub(super) async fn age_counts_from_what_happened_last(store: Arc<impl Store>) {
    for id in ["over before", "over after", "dead before", "dead after"] {
        accept(&*store, id).await;
    }
    for conversation in [ada(), bob()] {
        add(&*store, &conversation, &actions(["a"])).await;
    }
    end(&*store, "over before").await;
    kill(&*store, "dead before").await;
    let time = between();
    end(&*store, "over after").await;
    kill(&*store, "dead after").await;
    store.sweep(Expired { messages: time, dead_letters: time, conversations: Some(time) }).await.unwrap();
    for id in ["over", "dead"] {
        assert_eq!(store.message(&key(&format!("{id} before"))).await.unwrap(), None, "{id}");
        assert_eq!(accept(&*store, &format!("{id} after")).await, Duplicate, "{id}");
    }
    assert_eq!(store.load(&ada()).await.unwrap().map(|events| events.len()), Some(1), "it had a turn after");
    assert_eq!(store.load(&bob()).await.unwrap(), None);
}
