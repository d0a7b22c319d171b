//! Dead letters.

use std::sync::Arc;

use channel_core::{BotMessage, Recipient};
use channel_engine::{
    Accepted::Duplicate, Content, Conversation, Filter, Incoming, LetterId, Outward, Retrial, Settlement,
    State, Step, Store,
};

use super::support::{
    accept, ada, answer, bounce, commit, end, fail, idle, in_days, is_now, kill, message, pending,
    pending_ids, replies, say, settle, state, unsent, unsent_texts,
};

async fn listed(store: &impl Store, filter: Filter) -> Vec<LetterId> {
    store.dead_letters(&filter).await.unwrap().into_iter().map(|letter| letter.id).collect()
}

pub(super) async fn a_message_becomes_a_dead_letter(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    fail(&*store, "1", "busy", Retrial::At(in_days(1))).await;
    let id = kill(&*store, "1").await;
    let letter = store.dead_letter(id).await.unwrap().unwrap();
    assert_eq!((letter.id, &letter.conversation, &*letter.channel), (id, &ada(), "chat"));
    assert_eq!((letter.attempts, &*letter.error), (2, "it broke"), "the last try counts");
    assert_eq!(letter.content, Content::Message(Box::new(message("1"))));
    assert!(is_now(letter.since));
    assert_eq!(store.dead_letters(&Filter::default()).await.unwrap(), [letter]);
}

pub(super) async fn a_reply_becomes_a_dead_letter(store: Arc<impl Store>) {
    let [id] = say(&*store, &ada(), &["whole"]).await.try_into().unwrap();
    let rest = "rest".into();
    settle(&*store, id, Settlement::Retry { at: in_days(1), error: "busy", rest: Some(&rest) }).await;
    settle(&*store, id, Settlement::Dead { outcome: "partial", error: "refused" }).await;
    let letter = store.dead_letter(LetterId::Reply(id)).await.unwrap().unwrap();
    assert_eq!((&letter.conversation, &*letter.channel), (&ada(), "chat"));
    assert_eq!((letter.attempts, &*letter.error), (2, "refused"), "the last try counts");
    let (to, outcome) = (Recipient::new("ada"), "partial".to_owned());
    assert_eq!(letter.content, Content::Reply { to, reply: Box::new(rest), outcome });
    assert!(is_now(letter.since));
    assert_eq!(store.dead_letters(&Filter::default()).await.unwrap(), [letter]);
}

pub(super) async fn an_unknown_letter_is_none(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    let reply = say(&*store, &ada(), &["a"]).await[0];
    let message = pending(&*store).await[0].id;
    let not_dead = [LetterId::Message(message), LetterId::Reply(reply)];
    for id in not_dead.into_iter().chain([LetterId::Message(999), LetterId::Reply(999)]) {
        assert_eq!(store.dead_letter(id).await.unwrap(), None, "{id}");
        assert_eq!(store.replay(id).await.unwrap(), None, "{id}");
        assert!(!store.discard(id).await.unwrap(), "{id}");
    }
    assert_eq!((pending(&*store).await.len(), unsent(&*store).await.len()), (1, 1));
}

pub(super) async fn letters_are_listed_the_oldest_first(store: Arc<impl Store>) {
    let reply = say(&*store, &ada(), &["a"]).await[0];
    let mut all = vec![bounce(&*store, reply).await];
    for (index, id) in ["1", "2", "3"].into_iter().enumerate() {
        accept(&*store, id).await;
        all.insert(index, kill(&*store, id).await);
    }
    assert_eq!(listed(&*store, Filter::default()).await, all, "messages, then replies");
    for limit in 0..=4 {
        assert_eq!(listed(&*store, Filter { limit, ..Filter::default() }).await, all[..limit]);
    }
}

/// A dead message and a dead reply through this channel.
async fn dead_through(store: &impl Store, channel: &str, sender_id: &str) -> [LetterId; 2] {
    let (conversation, channel) = (Conversation::new("", sender_id), Arc::from(channel));
    let incoming = Incoming {
        conversation: &conversation,
        channel: &channel,
        message: &message(sender_id),
        waits: false,
    };
    store.accept(incoming).await.unwrap();
    let (to, replies) = (Recipient::new("there"), ["a".into()]);
    let outward = Some(Outward { channel: &channel, to: &to });
    let ids = commit(store, Step { replies: &replies, outward, ..idle(&conversation) }).await;

    let lease = store.lease(&conversation).await.unwrap().unwrap();
    let pending = store.pending(&conversation, 9).await.unwrap().pop().unwrap();
    let key = channel_engine::MessageKey::new(Arc::clone(&channel), sender_id);
    store.fail(&key, lease, "it broke", Retrial::Never).await.unwrap();
    let dead = Settlement::Dead { outcome: "failed", error: "refused" };
    store.settle(&conversation, lease, ids[0], dead).await.unwrap();
    store.release(&conversation, lease).await.unwrap();
    [LetterId::Message(pending.id), LetterId::Reply(ids[0])]
}

pub(super) async fn letters_are_found_by_channel_and_sender(store: Arc<impl Store>) {
    let of_ada = dead_through(&*store, "chat", "ada").await;
    let of_bob = dead_through(&*store, "chat", "bob").await;
    let elsewhere = dead_through(&*store, "chat/acme", "ada").await;
    let by = |channel: Option<&str>, sender_id: Option<&str>| Filter {
        channel: channel.map(Arc::from),
        sender_id: sender_id.map(Arc::from),
        ..Filter::default()
    };
    let both = |[one, reply]: [LetterId; 2], [other, next]: [LetterId; 2]| [one, other, reply, next];
    assert_eq!(listed(&*store, by(Some("chat"), None)).await, both(of_ada, of_bob));
    assert_eq!(listed(&*store, by(None, Some("ada"))).await, both(of_ada, elsewhere));
    assert_eq!(listed(&*store, by(Some("chat"), Some("bob"))).await, of_bob);
    for (channel, sender_id) in [("Chat", "ada"), ("chat", "ad%"), ("", "ada"), ("chat", "")] {
        assert_eq!(listed(&*store, by(Some(channel), Some(sender_id))).await, []);
    }
}

pub(super) async fn a_replayed_message_goes_to_the_end(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    answer(&*store, "1", &["of the first step".into()], false).await;
    accept(&*store, "2").await;
    fail(&*store, "1", "busy", Retrial::At(in_days(1))).await;
    let letter = kill(&*store, "1").await;
    assert_eq!(store.replay(letter).await.unwrap(), Some(ada()));
    assert_eq!(pending_ids(&*store).await, ["2", "1"]);
    let again = pending(&*store).await.pop().unwrap();
    assert_eq!((again.attempts, again.retry_at), (0, None));
    assert_eq!(again.progress.replies, ["of the first step".into()], "it goes on from its last step");
    assert_eq!(again.progress.events, 0, "which others may follow");
    assert_eq!(listed(&*store, Filter::default()).await, []);
    assert_eq!(store.replay(letter).await.unwrap(), None, "once");
    assert_eq!(accept(&*store, "1").await, Duplicate);
    end(&*store, "1").await;
    assert_eq!(state(&*store, "1").await, State::Over);
}

pub(super) async fn nobody_waits_for_a_replayed_message(store: Arc<impl Store>) {
    super::support::accept_awaited(&*store, "1").await;
    let before = pending(&*store).await.pop().unwrap().accepted_at;
    let letter = kill(&*store, "1").await;
    store.replay(letter).await.unwrap();
    let again = pending(&*store).await.pop().unwrap();
    assert!(!again.waits, "its replies are sent");
    assert!(again.accepted_at >= before);
}

pub(super) async fn a_replayed_reply_goes_to_the_end(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["a", "b"]).await;
    settle(&*store, ids[0], Settlement::Retry { at: in_days(1), error: "busy", rest: None }).await;
    let letter = bounce(&*store, ids[0]).await;
    assert_eq!(store.replay(letter).await.unwrap(), Some(ada()));
    assert_eq!(unsent_texts(&*store).await, ["b", "a"]);
    let again = unsent(&*store).await.pop().unwrap();
    assert_eq!((again.attempts, again.retry_at, again.to), (0, None, Recipient::new("ada")));
    assert_eq!(listed(&*store, Filter::default()).await, []);
    settle(&*store, again.id, Settlement::Sent).await;
    assert_eq!(unsent_texts(&*store).await, ["b"]);
}

pub(super) async fn a_discarded_message_is_remembered(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    answer(&*store, "1", &["of the first step".into()], false).await;
    let letter = kill(&*store, "1").await;
    assert!(store.discard(letter).await.unwrap());
    assert!(!store.discard(letter).await.unwrap(), "once");
    assert_eq!(store.dead_letter(letter).await.unwrap(), None);
    assert_eq!(state(&*store, "1").await, State::Superseded("discarded".to_owned()));
    assert_eq!(replies(&*store, "1").await, [BotMessage::text("of the first step")]);
    assert_eq!(super::support::accept_awaited(&*store, "1").await, Duplicate);
}

pub(super) async fn a_discarded_reply_is_gone(store: Arc<impl Store>) {
    let ids = say(&*store, &ada(), &["a", "b"]).await;
    let letter = bounce(&*store, ids[0]).await;
    assert!(store.discard(letter).await.unwrap());
    assert!(!store.discard(letter).await.unwrap(), "once");
    assert_eq!(listed(&*store, Filter::default()).await, []);
    assert_eq!(unsent_texts(&*store).await, ["b"]);
}
