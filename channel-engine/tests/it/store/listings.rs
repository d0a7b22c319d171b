//! What operators list.

use std::sync::Arc;

use channel_engine::{
    Conversation, Filter, Listed, ListedReply, MessageKey, Retrial, Settlement, State, Store,
};

use super::support::{
    accept, accept_in, ada, bob, bounce, end, fail, in_days, is_now, key, kill, say, settle, supersede,
};

fn of(sender_id: &str) -> Filter {
    Filter { sender_id: Some(sender_id.into()), ..Filter::default() }
}

async fn listed(store: &impl Store, filter: &Filter) -> Vec<String> {
    store.messages(filter).await.unwrap().iter().map(|listed| listed.key.message_id.to_string()).collect()
}

async fn listed_replies(store: &impl Store, filter: &Filter) -> Vec<u64> {
    store.replies(filter).await.unwrap().iter().map(|listed| listed.id).collect()
}

pub(super) async fn messages_are_listed_as_they_stand(store: Arc<impl Store>) {
    for id in ["over", "tried", "superseded", "dead", "new"] {
        accept(&*store, id).await;
    }
    end(&*store, "over").await;
    fail(&*store, "tried", "busy", Retrial::At(in_days(1))).await;
    supersede(&*store, &["superseded"], "why").await;
    kill(&*store, "dead").await;

    let all = store.messages(&Filter::default()).await.unwrap();
    assert!(all.iter().all(|listed| is_now(listed.accepted_at)));
    let expected = |(id, state, attempts, error): (&str, State, u32, Option<&str>)| {
        (key(id), ada(), state, attempts, error.map(str::to_owned))
    };
    let expected = [
        ("over", State::Over, 0, None),
        ("tried", State::Pending, 1, Some("busy")),
        ("superseded", State::Superseded("why".to_owned()), 0, None),
        ("new", State::Pending, 0, None),
    ]
    .map(expected);
    let listed: Vec<_> = all
        .into_iter()
        .map(|Listed { key, conversation, state, attempts, error, .. }| {
            (key, conversation, state, attempts, error)
        })
        .collect();
    assert_eq!(listed, expected);
}

pub(super) async fn messages_are_listed_by_filter(store: Arc<impl Store>) {
    for (id, conversation) in
        [("1", ada()), ("2", bob()), ("3", ada()), ("4", Conversation::new("other", "ada"))]
    {
        accept_in(&*store, &conversation, id).await;
    }
    end(&*store, "1").await;
    assert_eq!(listed(&*store, &Filter::default()).await, ["1", "2", "3", "4"]);
    assert_eq!(listed(&*store, &Filter { limit: 2, ..Filter::default() }).await, ["1", "2"]);
    assert_eq!(listed(&*store, &of("ada")).await, ["1", "3", "4"]);
    assert_eq!(
        listed(&*store, &Filter { unfinished: true, limit: 2, ..Filter::default() }).await,
        ["2", "3"]
    );
    assert_eq!(listed(&*store, &Filter { unfinished: true, ..of("ada") }).await, ["3", "4"]);
    let through = |channel: &str| Filter { channel: Some(channel.into()), ..Filter::default() };
    assert_eq!(listed(&*store, &through("chat")).await, ["1", "2", "3", "4"], "that is how they came");
    assert_eq!(listed(&*store, &through("other")).await, [""; 0]);
    for other in ["ad%", "ad", "adam", ""] {
        assert_eq!(listed(&*store, &of(other)).await, [""; 0]);
    }
}

pub(super) async fn replies_are_listed_as_they_stand(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["sent", "tried", "dead", "new"]).await;
    settle(&*store, ids[0], Settlement::Sent).await;
    let at = in_days(1);
    settle(&*store, ids[1], Settlement::Retry { at, error: "busy", rest: None }).await;
    bounce(&*store, ids[2]).await;

    let all = store.replies(&Filter::default()).await.unwrap();
    assert!(all.iter().all(|listed| is_now(listed.since)));
    let listed = |id, since, attempts, retry_at, error: Option<&str>| ListedReply {
        id,
        conversation: ada(),
        channel: "chat".into(),
        since,
        attempts,
        retry_at,
        error: error.map(str::to_owned),
    };
    let tried = listed(ids[1], all[0].since, 1, Some(at), Some("busy"));
    assert_eq!(all, [tried, listed(ids[3], all[1].since, 0, None, None)]);
}

pub(super) async fn replies_are_listed_by_filter(store: Arc<impl Store>) {
    let mut ids = say(&*store, &ada(), &["a"]).await;
    ids.extend(say(&*store, &bob(), &["b"]).await);
    ids.extend(say(&*store, &ada(), &["c"]).await);
    assert_eq!(listed_replies(&*store, &Filter::default()).await, ids);
    assert_eq!(listed_replies(&*store, &Filter { unfinished: true, ..Filter::default() }).await, ids);
    assert_eq!(listed_replies(&*store, &Filter { limit: 2, ..Filter::default() }).await, ids[..2]);
    assert_eq!(listed_replies(&*store, &of("ada")).await, [ids[0], ids[2]]);
    let through = |channel: &str| Filter { channel: Some(channel.into()), ..Filter::default() };
    assert_eq!(listed_replies(&*store, &through("chat")).await, ids);
    assert_eq!(listed_replies(&*store, &through("chat/acme")).await, [0; 0]);
}

pub(super) async fn a_message_is_listed_by_its_own_channel(store: Arc<impl Store>) {
    let (shared, channel) = (Conversation::new("", "ada"), "chat/acme".into());
    let message = super::support::message("1");
    let incoming =
        channel_engine::Incoming { conversation: &shared, channel: &channel, message: &message, waits: true };
    store.accept(incoming).await.unwrap();
    let filter = Filter { channel: Some(channel), ..Filter::default() };
    let [listed] = store.messages(&filter).await.unwrap().try_into().unwrap();
    assert_eq!((listed.key, listed.conversation), (MessageKey::new("chat/acme", "1"), shared));
}
