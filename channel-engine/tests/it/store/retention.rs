//! What is forgotten, and when.

use std::{sync::Arc, time::SystemTime};

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
