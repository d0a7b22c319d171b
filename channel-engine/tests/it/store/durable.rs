//! What is there after a restart: everything.

use channel_core::{BotMessage, Recipient};
use channel_engine::{
    Accepted::{Duplicate, New},
    Due, Filter, Progress, Retrial, Ripe, Settlement, State, Step, Store,
};

use super::support::{
    Database, accept, accept_awaited, actions, ada, add, answer, bounce, commit, end, fail, idle, in_days,
    key, kill, load, message, pending, remove, replace, replies, say, schedule, settle, state, supersede,
    unsent,
};

pub(super) async fn it_says_that_it_remembers(database: &impl Database) {
    assert!(database.open().await.is_durable());
}

pub(super) async fn pending_messages_are_there_again(database: &impl Database) {
    let store = database.open().await;
    accept_awaited(&*store, "1").await;
    accept(&*store, "2").await;
    fail(&*store, "2", "busy", Retrial::At(in_days(1))).await;
    let (events, replies) = (actions(["a", "b"]), ["of the first step".into()]);
    let (conversation, key) = (ada(), key("1"));
    let step = Step { events: &events, replies: &replies, message: Some(&key), ..idle(&conversation) };
    commit(&*store, Step { is_last: false, ..step }).await;
    let before = pending(&*store).await;
    drop(store);

    let store = database.open().await;
    let after = pending(&*store).await;
    assert_eq!(after, before);
    assert_eq!(after[0].progress, Progress { steps: 1, events: 2, replies: replies.to_vec() });
    assert_eq!(store.work(None, 9).await.unwrap(), [ada()]);
    assert_eq!(accept(&*store, "1").await, Duplicate);
    let New { id } = accept(&*store, "3").await else { panic!("it is new") };
    assert!(id > after[1].id, "numbers go on");
}

pub(super) async fn what_is_over_is_known_again(database: &impl Database) {
    let store = database.open().await;
    for id in ["over", "superseded", "dead", "discarded"] {
        accept(&*store, id).await;
    }
    answer(&*store, "over", &["the answer".into()], true).await;
    supersede(&*store, &["superseded"], "why").await;
    kill(&*store, "dead").await;
    let discarded = kill(&*store, "discarded").await;
    store.discard(discarded).await.unwrap();
    drop(store);

    let store = database.open().await;
    for id in ["over", "superseded", "dead", "discarded"] {
        assert_eq!(accept(&*store, id).await, Duplicate, "{id}");
    }
    assert_eq!(replies(&*store, "over").await, [BotMessage::text("the answer")]);
    assert_eq!(state(&*store, "superseded").await, State::Superseded("why".to_owned()));
    assert_eq!(state(&*store, "dead").await, State::Dead("it broke".to_owned()));
    assert_eq!(pending(&*store).await, []);
}

pub(super) async fn events_are_there_again(database: &impl Database) {
    let store = database.open().await;
    let [replaced, removed] =
        ["replaced", "removed"].map(|channel| channel_engine::Conversation::new(channel, "ada"));
    let (events, new) = (actions(["a", "b"]), actions(["new"]));
    for conversation in [&ada(), &replaced, &removed] {
        add(&*store, conversation, &events).await;
    }
    replace(&*store, &replaced, &new).await;
    remove(&*store, &removed).await;
    drop(store);

    let store = database.open().await;
    assert_eq!(load(&*store, &ada()).await, events);
    assert_eq!(load(&*store, &replaced).await, new);
    assert_eq!(store.find("ada").await.unwrap(), [ada(), replaced]);
}

pub(super) async fn unsent_replies_are_there_again(database: &impl Database) {
    let store = database.open().await;
    let ids = say(&*store, &ada(), &["sent", "tried", "new"]).await;
    settle(&*store, ids[0], Settlement::Sent).await;
    let rest = "the rest".into();
    settle(&*store, ids[1], Settlement::Retry { at: in_days(1), error: "busy", rest: Some(&rest) }).await;
    let (before, listed) = (unsent(&*store).await, store.replies(&Filter::default()).await.unwrap());
    assert_eq!(before.len(), 2);
    drop(store);

    let store = database.open().await;
    assert_eq!(unsent(&*store).await, before);
    assert_eq!(store.replies(&Filter::default()).await.unwrap(), listed);
    assert_eq!(store.work(None, 9).await.unwrap(), [ada()]);
    let [id] = say(&*store, &ada(), &["later"]).await.try_into().unwrap();
    assert!(id > ids[2], "numbers go on");
}

pub(super) async fn what_is_scheduled_is_there_again(database: &impl Database) {
    let store = database.open().await;
    let reply = Due::Reply(Recipient::new("ada"), Box::new(BotMessage::text("later")));
    let first = schedule(&*store, 1, reply).await.due;
    let second = schedule(&*store, 2, Due::Message(Box::new(message("1")))).await.due;
    drop(store);

    let store = database.open().await;
    assert_eq!(store.backlog().await.unwrap().scheduled, 2);
    let ripe = store.ripen(first).await.unwrap();
    assert_eq!(ripe, Ripe { conversations: vec![ada()], next: Some(second) });
    drop(store);

    let store = database.open().await;
    assert_eq!(unsent(&*store).await.len(), 1);
    let ripe = store.ripen(second).await.unwrap();
    assert_eq!(ripe, Ripe { conversations: vec![ada()], next: None });
    assert_eq!((pending(&*store).await.len(), unsent(&*store).await.len()), (1, 1));
}

pub(super) async fn dead_letters_are_there_again(database: &impl Database) {
    let store = database.open().await;
    for id in ["1", "2"] {
        accept_awaited(&*store, id).await;
        kill(&*store, id).await;
    }
    let ids = say(&*store, &ada(), &["a"]).await;
    let reply = bounce(&*store, ids[0]).await;
    let before = store.dead_letters(&Filter::default()).await.unwrap();
    assert_eq!(before.len(), 3);
    drop(store);

    let store = database.open().await;
    assert_eq!(store.dead_letters(&Filter::default()).await.unwrap(), before);
    assert_eq!(store.replay(reply).await.unwrap(), Some(ada()));
    assert_ne!(accept_awaited(&*store, "1").await, Duplicate, "a caller may still try again");
    drop(store);

    let store = database.open().await;
    assert_eq!(store.dead_letters(&Filter::default()).await.unwrap(), before[1..2]);
    assert_eq!((pending(&*store).await.len(), unsent(&*store).await.len()), (1, 1));
}

pub(super) async fn what_was_forgotten_stays_forgotten(database: &impl Database) {
    let store = database.open().await;
    accept(&*store, "1").await;
    end(&*store, "1").await;
    let ahead = in_days(1);
    let all = channel_engine::Expired { messages: ahead, dead_letters: ahead, conversations: Some(ahead) };
    store.sweep(all).await.unwrap();
    drop(store);

    let store = database.open().await;
    assert_eq!(store.message(&key("1")).await.unwrap(), None);
    assert_eq!(store.load(&ada()).await.unwrap(), None);
}

pub(super) async fn notes_are_there_again(database: &impl Database) {
    let store = database.open().await;
    store.set_note("chat", "offset", "17").await.unwrap();
    drop(store);
    assert_eq!(database.open().await.note("chat", "offset").await.unwrap().as_deref(), Some("17"));
}
