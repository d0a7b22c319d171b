//! What steps add to a conversation.

use std::sync::Arc;

use channel_core::{Event, EventKind, Metadata, Recipient};
use channel_engine::{Incoming, Outward, State, Step, Store};
use serde_json::{Value, json};

use super::support::{
    accept, actions, ada, add, chat, commit, idle, kept, key, load, message, pending, unsent,
};

pub(super) async fn there_is_nothing_at_first(store: Arc<impl Store>) {
    assert_eq!(store.load(&ada()).await.unwrap(), None);
    accept(&*store, "1").await;
    assert_eq!(store.load(&ada()).await.unwrap(), None, "a message alone is no conversation");
    assert_eq!(store.find("ada").await.unwrap(), []);
}

pub(super) async fn steps_follow_each_other(store: Arc<impl Store>) {
    let mut all = Vec::new();
    for number in 0..100 {
        // Times that run backwards do not matter.
        let event = |kind| Arc::new(Event { timestamp: f64::from(1000 - number), ..Event::new(kind) });
        let step = [event(EventKind::Undo), event(EventKind::Followup { name: number.to_string() })];
        add(&*store, &ada(), &step).await;
        all.extend(step);
    }
    assert_eq!(load(&*store, &ada()).await, all);
}

/// One of each kind, with and without what may be left out.
fn kinds() -> Vec<Arc<Event>> {
    let kinds = [
        json!({ "event": "user", "text": "Hi", "message_id": "1", "input_channel": "chat", "metadata": { "a": [1] },
            "parse_data": { "intent": { "name": "greet", "confidence": 0.999_999_999_999_999_9 }, "entities": [{ "entity": "x" }] } }),
        json!({ "event": "user", "text": null }),
        json!({ "event": "bot", "text": "Hi", "data": { "buttons": [{ "title": "t", "payload": "p" }], "image": null },
            "metadata": { "utter_action": "utter_greet" } }),
        json!({ "event": "action", "name": "action_listen", "policy": "RulePolicy", "confidence": 1.0, "hide_rule_turn": true }),
        json!({ "event": "action", "action_text": "words" }),
        json!({ "event": "slot", "name": "city", "value": { "deep": [[{ "er": null }]] } }),
        json!({ "event": "slot", "name": "city", "value": null }),
        json!({ "event": "session_started" }),
        json!({ "event": "restart" }),
        json!({ "event": "rewind" }),
        json!({ "event": "undo" }),
        json!({ "event": "reset_slots" }),
        json!({ "event": "pause" }),
        json!({ "event": "resume" }),
        json!({ "event": "export" }),
        json!({ "event": "followup", "name": "action_next" }),
        json!({ "event": "reminder", "intent": "wake", "date_time": "2026-01-02T03:04:05+01:00", "entities": { "a": 1 },
            "name": "alarm", "kill_on_user_msg": false }),
        json!({ "event": "cancel_reminder", "name": "alarm", "intent": "wake", "entities": [] }),
        json!({ "event": "active_loop", "name": "form" }),
        json!({ "event": "active_loop", "name": null }),
        json!({ "event": "loop_interrupted", "is_interrupted": true }),
        json!({ "event": "action_execution_rejected", "name": "form", "policy": null, "confidence": 0.5 }),
        json!({ "event": "entities", "entities": [{ "entity": "x", "start": 0 }] }),
        json!({ "event": "user_featurization", "use_text_for_featurization": false }),
        json!({ "event": "agent", "text": "A human speaks", "data": { "a": 1 } }),
        json!({ "event": "invented", "key": "kept", "timestamp": 1.5, "metadata": { "also": "kept" } }),
    ];
    kinds.into_iter().map(|json| Arc::new(serde_json::from_value(json).unwrap())).collect()
}

/// An event repeats what was sent deeper than it was sent.
pub(super) async fn what_is_as_deep_as_can_be_sent_comes_back(store: Arc<impl Store>) {
    let body = format!(r#"{{"sender":"ada","metadata":{{"a":{}{}}}}}"#, "[".repeat(125), "]".repeat(125));
    let mut body: Value = serde_json::from_str(&body).expect("this is as deep as what is sent can be");
    let metadata = body["metadata"].as_object_mut().map(std::mem::take).unwrap();
    let wrapped = Metadata::from_iter([("raw_event".to_owned(), json!({ "event": metadata }))]);
    let message = message("1").with_metadata(wrapped);

    let incoming = Incoming { conversation: &ada(), channel: &chat(), message: &message, waits: false };
    store.accept(incoming).await.unwrap();
    assert_eq!(pending(&*store).await[0].message, message);
    let event = Arc::new(Event::user(&message, Metadata::new()));
    add(&*store, &ada(), std::slice::from_ref(&event)).await;
    assert_eq!(load(&*store, &ada()).await, [event]);
}

fn json_of(events: &[Arc<Event>]) -> Vec<String> {
    events.iter().map(|event| serde_json::to_string(&**event).unwrap()).collect()
}

pub(super) async fn every_kind_of_event_comes_back_equal(store: Arc<impl Store>) {
    let events = kinds();
    add(&*store, &ada(), &events).await;
    let loaded = load(&*store, &ada()).await;
    assert_eq!(loaded, events);
    assert_eq!(json_of(&loaded), json_of(&events), "the order of keys too");
}

pub(super) async fn texts_and_numbers_come_back_exactly(store: Arc<impl Store>) {
    let values: Vec<Value> = vec![
        "".into(),
        "Grüße, 🐈\u{200d}⬛, e\u{301} is not é, \u{feff}\u{2028}\u{fffd}".into(),
        "quotes \" ' ` \\ and\r\n\tlines\0, $1 %s {}".into(),
        "long ".repeat(100_000).into(),
        json!([0.1 + 0.2, 1e-7, 5e-324, f64::MAX, f64::MIN_POSITIVE, -0.0, 1.0, 1]),
        json!([i64::MIN, i64::MAX, u64::MAX, 9_007_199_254_740_993_i64]),
        json!({ "": 1, "b": 2, "a": 3, "Ä\0": 4 }),
        json!([true, false, null, [], {}]),
    ];
    let slots = values.into_iter().map(|value| Event::slot("ß 🐈", value));
    let times = [0.1 + 0.2, 1_764_092_775.123_456_7, 1e-300, f64::MAX, -1.5];
    let times = times.map(|timestamp| Event { timestamp, ..Event::restart() });
    let events: Vec<_> = slots.chain(times).map(Arc::new).collect();
    add(&*store, &ada(), &events).await;
    let loaded = load(&*store, &ada()).await;
    assert_eq!(loaded, events);
    assert_eq!(json_of(&loaded), json_of(&events), "also what is equal but not the same");
}

/// Whoever looks while steps are kept sees each of them whole: no progress without its events, and no reply.
pub(super) async fn a_step_is_kept_whole(store: Arc<impl Store>) {
    const STEPS: usize = 200;
    accept(&*store, "1").await;
    let writer = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            for number in 1..=STEPS {
                let (key, events, replies) = (key("1"), actions(["a", "b", "c"]), ["reply".into()]);
                let (conversation, channel, to) = (ada(), chat(), Recipient::new("ada"));
                let step = Step {
                    events: &events,
                    replies: &replies,
                    outward: Some(Outward { channel: &channel, to: &to }),
                    message: Some(&key),
                    is_last: number == STEPS,
                    ..idle(&conversation)
                };
                commit(&*store, step).await;
            }
        }
    });
    loop {
        let known = kept(&*store, "1").await;
        let (said, events) =
            (unsent(&*store).await.len(), store.load(&ada()).await.unwrap().unwrap_or_default());
        let steps = known.progress.steps as usize;
        assert_eq!(known.progress.replies.len(), steps);
        assert_eq!(events.len() % 3, 0);
        assert!(
            steps <= said && 3 * said <= events.len(),
            "{steps} steps, then {said} replies, then {}",
            events.len()
        );
        assert_eq!(known.state == State::Over, steps == STEPS);
        if known.state == State::Over {
            break;
        }
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}

/// A caller may go away at any moment.
pub(super) async fn a_step_that_is_dropped_is_whole_or_not_there(store: Arc<impl Store>) {
    accept(&*store, "1").await;
    let (conversation, key, channel, to) = (ada(), key("1"), chat(), Recipient::new("ada"));
    let (events, replies) = (actions(["a", "b", "c"]), ["reply".into()]);
    let outward = Some(Outward { channel: &channel, to: &to });
    let lease = store.lease(&conversation).await.unwrap().unwrap();
    let step = Step {
        lease,
        events: &events,
        replies: &replies,
        outward,
        message: Some(&key),
        ..idle(&conversation)
    };
    for moments in 0..50 {
        let moment = async {
            for _ in 0..moments {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = moment => {}
            kept = store.commit(Step { is_last: false, ..step }) => drop(kept.unwrap()),
        }
    }
    store.commit(step).await.unwrap();
    let progress = kept(&*store, "1").await.progress;
    let steps = progress.steps as usize;
    assert_eq!((progress.replies.len(), unsent(&*store).await.len()), (steps, steps));
    assert_eq!(load(&*store, &ada()).await.len(), 3 * steps);
}
