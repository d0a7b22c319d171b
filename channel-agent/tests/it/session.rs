//! How sessions begin, end, and what they keep; and turns that were cut short.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use channel_core::{Event, EventKind, Tracker, UserMessage};
use serde_json::json;

use crate::support::{Talk, agent};

const RULES: &str =
    "{rules: [{rule: greet, steps: [{intent: greet}, {action: utter_a}, {action: utter_b}]}]}";

fn bot(session_config: &str) -> (Talk, Arc<AtomicU64>) {
    let domain = format!(
        "{{session_config: {{{session_config}}}, intents: [greet], entities: [city],
          slots: {{city: {{type: text, initial_value: Oslo, mappings: [{{type: from_entity, entity: city}}]}}}},
          responses: {{utter_a: [{{text: 'a {{city}}'}}], utter_b: [{{text: b}}]}}}}"
    );
    let minutes = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&minutes);
    #[allow(clippy::cast_precision_loss, reason = "a few minutes")]
    let clock = move || 1_000_000.0 + 60.0 * clock.load(Ordering::Relaxed) as f64;
    (Talk::to(agent(&domain, RULES).clock(clock)), minutes)
}

#[tokio::test]
async fn the_first_turn_is_in_rasas_order() {
    let (mut talk, _) = bot("");
    let metadata = json!({ "source": "web" }).as_object().cloned();
    let message = UserMessage::payload(r#"/greet{"city": "Rome"}"#, "test_user").with_metadata(metadata);
    talk.send(message).await;
    let expected = [
        r#"session_started_metadata={"source":"web"}"#,
        "action_session_start",
        "session_started",
        r#"session_started_metadata={"source":"web"}"#,
        "action_listen",
        "user",
        "city=\"Rome\"",
        "user_featurization",
        "utter_a",
        "bot",
        "utter_b",
        "bot",
        "action_listen",
    ];
    assert_eq!(talk.events(), expected);
}

#[tokio::test]
async fn slots_are_carried_over_into_a_new_session() {
    let (mut talk, minutes) = bot("session_expiration_time: 5");
    assert_eq!(talk.say("/greet").await, ["a Oslo", "b"]);
    talk.say(r#"/greet{"city": "Rome"}"#).await;
    minutes.store(5, Ordering::Relaxed);
    let before = talk.events().len();
    assert_eq!(talk.say("/greet").await, ["a Rome", "b"]);
    assert_eq!(talk.events()[before], "user", "not older than 5 minutes");

    minutes.store(11, Ordering::Relaxed);
    let before = talk.events().len();
    assert_eq!(talk.say("/greet").await, ["a Rome", "b"]);
    let expected = ["action_session_start", "session_started", "city=\"Rome\"", "action_listen", "user"];
    assert_eq!(talk.events()[before..before + 5], expected);
}

#[tokio::test]
async fn slots_may_be_left_behind() {
    let (mut talk, minutes) = bot("carry_over_slots_to_new_session: false");
    talk.say(r#"/greet{"city": "Rome"}"#).await;
    minutes.store(61, Ordering::Relaxed);
    assert_eq!(talk.say("/greet").await, ["a Oslo", "b"]);
}

#[tokio::test]
async fn a_session_without_a_limit_goes_on() {
    let (mut talk, minutes) = bot("session_expiration_time: 0");
    talk.say("/greet").await;
    minutes.store(1_000_000, Ordering::Relaxed);
    talk.say("/greet").await;
    assert_eq!(talk.events().iter().filter(|event| *event == "session_started").count(), 1);
}

#[tokio::test]
async fn a_restart_forgets_and_begins_a_session() {
    let (mut talk, _) = bot("");
    talk.say(r#"/greet{"city": "Rome"}"#).await;
    let before = talk.events().len();
    talk.say("/restart").await;
    let expected = [
        "user",
        "user_featurization",
        "action_restart",
        "restart",
        "action_session_start",
        "session_started",
        "action_listen",
    ];
    assert_eq!(talk.events()[before..], expected);
    assert_eq!(talk.say("/greet").await, ["a Oslo", "b"]);
}

#[tokio::test]
async fn slots_are_declared_in_a_tracker_that_knows_of_none() {
    let (mut talk, _) = bot("");
    talk.trackers.insert("test_user".to_owned(), Tracker::new("test_user"));
    assert_eq!(talk.say("/greet").await, ["a Oslo", "b"]);
}

#[tokio::test]
async fn a_turn_that_was_cut_short_goes_on_where_it_stopped() {
    let (mut talk, _) = bot("");
    let message = UserMessage::payload("/greet", "test_user").with_message_id("m1");
    talk.send(message.clone()).await;

    // What a store would have after the first step.
    let committed: Vec<Event> = talk.tracker().events().iter().map(|event| Event::clone(event)).collect();
    let step = committed.iter().position(|event| matches!(event.kind, EventKind::Bot { .. })).unwrap();
    let mut tracker = talk.agent.tracker("test_user");
    tracker.extend(committed[..=step].iter().cloned());
    talk.trackers.insert("test_user".to_owned(), tracker);

    let said = talk.send(message.clone()).await.messages;
    assert_eq!(said, json!([{ "recipient_id": "test_user", "text": "b" }]));
    assert_eq!(talk.send(message).await.messages, json!([]), "it is answered");
}
