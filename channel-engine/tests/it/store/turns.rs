//! What becomes of messages.

use std::sync::Arc;

use channel_core::{BotMessage, Button, Element};
use channel_engine::{Progress, Retrial, State, Step, Store};
use serde_json::json;

use super::support::{
    accept, accept_in, actions, ada, answer, bob, commit, end, fail, idle, in_days, kept, key, kill, pending,
    pending_ids, replies, state, supersede,
};

pub(super) async fn an_unknown_message_is_none(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    assert_eq!(store.message(&key("2")).await.unwrap(), None);
    assert_eq!(store.message(&channel_engine::MessageKey::new("other", "1")).await.unwrap(), None);
}

pub(super) async fn pending_messages_are_in_order(store: Arc<impl Store>) {
    let ids = ["9", "b", "10", "a", "1"];
    for id in ids {
        accept(&*store, id).await;
    }
    assert_eq!(pending_ids(&*store).await, ids);
    let first = store.pending(&ada(), 2).await.unwrap();
    assert_eq!(first, pending(&*store).await[..2]);
    end(&*store, "b").await;
    assert_eq!(pending_ids(&*store).await, ["9", "10", "a", "1"]);
    for id in ["9", "10", "a", "1"] {
        end(&*store, id).await;
    }
    assert_eq!(pending_ids(&*store).await, [""; 0]);
}

pub(super) async fn progress_grows_with_each_step(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    assert_eq!(kept(&*store, "1").await.progress, Progress::default());
    let mut progress = Progress::default();
    for (events, reply) in
        [(actions(["a", "b"]).to_vec(), "x"), (Vec::new(), "y"), (actions(["c"]).to_vec(), "z")]
    {
        let said = [reply.into()];
        let (conversation, key) = (ada(), key("1"));
        let step = Step { events: &events, replies: &said, message: Some(&key), ..idle(&conversation) };
        commit(&*store, Step { is_last: false, ..step }).await;
        progress.steps += 1;
        progress.events += events.len() as u64;
        progress.replies.extend(said);
        let known = kept(&*store, "1").await;
        assert_eq!((&known.state, &known.progress), (&State::Pending, &progress));
        assert_eq!(pending(&*store).await[0].progress, progress);
    }
    answer(&*store, "1", &["the last".into()], true).await;
    let known = kept(&*store, "1").await;
    assert_eq!((known.state, known.progress.steps), (State::Over, 4));
    assert_eq!(known.progress.replies, ["x", "y", "z", "the last"].map(BotMessage::from));
}

pub(super) async fn a_turn_without_replies_is_over_too(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    end(&*store, "1").await;
    let known = kept(&*store, "1").await;
    assert_eq!((known.state, known.progress.replies), (State::Over, Vec::new()));
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
    assert_eq!(replies(&*store, "1").await, [reply]);
}

pub(super) async fn a_failed_message_is_tried_again(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    accept(&*store, "2").await;
    answer(&*store, "1", &["of the first step".into()], false).await;
    for attempt in 1..=3 {
        let time = in_days(attempt);
        fail(&*store, "1", "busy", Retrial::At(time)).await;
        let [first, second] = pending(&*store).await.try_into().unwrap();
        assert_eq!(first.message.message_id, "1", "it keeps its place");
        assert_eq!((first.attempts, first.retry_at), (attempt, Some(time)));
        assert_eq!(first.progress.replies, ["of the first step".into()]);
        assert_eq!((second.attempts, second.retry_at), (0, None));
    }
    end(&*store, "1").await;
    assert_eq!(state(&*store, "1").await, State::Over);
}

pub(super) async fn a_message_may_fail_for_good(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    accept(&*store, "2").await;
    answer(&*store, "1", &["of the first step".into()], false).await;
    fail(&*store, "1", "no such ß", Retrial::Never).await;
    let known = kept(&*store, "1").await;
    assert_eq!(known.state, State::Dead("no such ß".to_owned()));
    assert_eq!(known.progress.replies, ["of the first step".into()]);
    assert_eq!(pending_ids(&*store).await, ["2"], "the next one goes on");
}

pub(super) async fn what_is_over_does_not_fail(store: Arc<impl Store>) {
    accept(&*store, "over").await;
    end(&*store, "over").await;
    accept(&*store, "dead").await;
    kill(&*store, "dead").await;
    for id in ["over", "dead", "unknown"] {
        fail(&*store, id, "too late", Retrial::Never).await;
        fail(&*store, id, "too late", Retrial::At(in_days(1))).await;
    }
    assert_eq!(state(&*store, "over").await, State::Over);
    assert_eq!(state(&*store, "dead").await, State::Dead("it broke".to_owned()));
    assert_eq!(store.message(&key("unknown")).await.unwrap(), None);
    assert_eq!(pending(&*store).await, []);
}

pub(super) async fn superseded_messages_say_why(store: Arc<impl Store>) {
    for id in ["1", "2", "3", "over"] {
        accept(&*store, id).await;
    }
    end(&*store, "over").await;
    supersede(&*store, &["1", "3", "over", "unknown"], "the reason").await;
    for id in ["1", "3"] {
        assert_eq!(state(&*store, id).await, State::Superseded("the reason".to_owned()));
    }
    assert_eq!(state(&*store, "over").await, State::Over);
    assert_eq!(store.message(&key("unknown")).await.unwrap(), None);
    assert_eq!(pending_ids(&*store).await, ["2"]);
    assert_eq!(accept(&*store, "1").await, channel_engine::Accepted::Duplicate);
}

pub(super) async fn a_turn_may_answer_several_messages(store: Arc<impl Store>) {
    for id in ["1", "2", "3", "4"] {
        accept(&*store, id).await;
    }
    let (conversation, last, others) = (ada(), key("3"), [key("1"), key("2")]);
    let step = Step { message: Some(&last), supersedes: &others, ..idle(&conversation) };
    commit(&*store, Step { is_last: false, ..step }).await;
    assert_eq!(pending_ids(&*store).await, ["1", "2", "3", "4"], "not before the last step");
    commit(&*store, step).await;
    assert_eq!(pending_ids(&*store).await, ["4"]);
    assert_eq!(state(&*store, "3").await, State::Over);
    for id in ["1", "2"] {
        assert_eq!(state(&*store, id).await, State::Superseded("3".to_owned()));
    }
}

pub(super) async fn a_turn_ends_no_other(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    accept_in(&*store, &bob(), "2").await;
    super::support::add(&*store, &ada(), &actions(["from outside"])).await;
    end(&*store, "1").await;
    assert_eq!(state(&*store, "2").await, State::Pending);
}
