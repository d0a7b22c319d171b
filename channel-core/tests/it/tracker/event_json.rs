//! What events look like in JSON, and how they are made.

use channel_core::{BotMessage, Button, Event, EventKind, Tracker, UserMessage};
use serde_json::json;

#[test]
fn every_event_is_written_as_it_is_read() {
    for json in [
        json!({ "event": "user", "timestamp": 1.5, "metadata": { "locale": "it" }, "text": "ciao", "parse_data":
            { "intent": { "name": "greet", "confidence": 0.97 }, "entities": [], "text": "ciao", "message_id": "5b",
              "metadata": { "locale": "it" }, "commands": [] }, "input_channel": "myio", "message_id": "5b" }),
        json!({ "event": "bot", "timestamp": 1.5, "text": null, "data": { "custom": 1 }, "metadata": {} }),
        json!({ "event": "action", "timestamp": 1.5, "name": "a", "policy": "RulePolicy", "confidence": 1.0,
            "action_text": null, "hide_rule_turn": true }),
        json!({ "event": "slot", "timestamp": 1.5, "metadata": { "model_id": "m" }, "name": "n", "value": [1] }),
        json!({ "event": "session_started", "timestamp": 1.5 }),
        json!({ "event": "restart", "timestamp": 1.5 }),
        json!({ "event": "rewind", "timestamp": 1.5 }),
        json!({ "event": "undo", "timestamp": 1.5 }),
        json!({ "event": "reset_slots", "timestamp": 1.5 }),
        json!({ "event": "pause", "timestamp": 1.5 }),
        json!({ "event": "resume", "timestamp": 1.5 }),
        json!({ "event": "export", "timestamp": 1.5 }),
        json!({ "event": "followup", "timestamp": 1.5, "name": "a" }),
        json!({ "event": "reminder", "timestamp": 1.5, "intent": "i", "date_time": "2030-01-01T10:00:00+00:00",
            "entities": null, "name": "r", "kill_on_user_msg": false }),
        json!({ "event": "cancel_reminder", "timestamp": 1.5 }),
        json!({ "event": "cancel_reminder", "timestamp": 1.5, "name": "r", "intent": "i", "entities": [] }),
        json!({ "event": "active_loop", "timestamp": 1.5, "name": null }),
        json!({ "event": "loop_interrupted", "timestamp": 1.5, "is_interrupted": true }),
        json!({ "event": "action_execution_rejected", "timestamp": 1.5, "name": "a", "policy": null,
            "confidence": 0.5 }),
        json!({ "event": "entities", "timestamp": 1.5, "entities": [{ "entity": "city" }] }),
        json!({ "event": "user_featurization", "timestamp": 1.5, "use_text_for_featurization": false }),
        json!({ "event": "agent", "timestamp": 1.5, "text": "Hi", "data": null }),
    ] {
        let event: Event = serde_json::from_value(json.clone()).unwrap();
        assert!(!matches!(event.kind, EventKind::Other { .. }), "{json}");
        assert_eq!(serde_json::to_string(&event).unwrap(), json.to_string());
    }
}

#[test]
fn unknown_events_are_kept_as_they_came() {
    let json = json!({
        "event": "flow_started", "timestamp": 1.5, "metadata": { "model_id": "m" }, "flow_id": "f", "step_id": null,
    });
    let event: Event = serde_json::from_value(json.clone()).unwrap();
    assert!(matches!(&event.kind, EventKind::Other { event, .. } if event == "flow_started"));
    assert_eq!(serde_json::to_string(&event).unwrap(), json.to_string());

    let mut tracker = Tracker::new("test_user");
    tracker.apply(event.clone());
    assert_eq!(*tracker.events()[0], event);
}

#[test]
fn what_is_no_event_is_refused() {
    for json in [
        json!({ "timestamp": 1.5 }),
        json!({ "event": null }),
        json!({ "event": "slot", "timestamp": 1.5 }),
        json!({ "event": "restart", "timestamp": "yesterday" }),
        json!({ "event": "restart", "metadata": [] }),
    ] {
        assert!(serde_json::from_value::<Event>(json.clone()).is_err(), "{json}");
    }
}

#[test]
fn an_event_without_a_time_happens_now() {
    for json in [
        json!({ "event": "pause" }),
        json!({ "event": "pause", "timestamp": null }),
        json!({ "event": "pause", "timestamp": 0 }),
    ] {
        let event: Event = serde_json::from_value(json).unwrap();
        assert!((event.timestamp - Event::restart().timestamp).abs() < 60.0);
    }
}

#[test]
fn a_user_event_says_what_was_understood() {
    let metadata = json!({ "source": "web" });
    let message = UserMessage::new("hi", "test_user")
        .with_message_id("42")
        .with_input_channel("myio")
        .with_metadata(metadata.as_object().cloned());
    let parse_data = json!({ "intent": { "name": "greet" }, "intent_ranking": [] });
    let event = Event::user(&message, parse_data.as_object().cloned().unwrap());

    assert_eq!(
        serde_json::to_string(&event).unwrap(),
        json!({
            "event": "user",
            "timestamp": event.timestamp,
            "metadata": metadata,
            "text": "hi",
            "parse_data": {
                "intent": { "name": "greet" },
                "entities": [],
                "text": "hi",
                "message_id": "42",
                "metadata": metadata,
                "intent_ranking": [],
            },
            "input_channel": "myio",
            "message_id": "42",
        })
        .to_string()
    );
}

#[test]
fn a_bot_event_repeats_the_image_as_the_attachment() {
    let message =
        BotMessage::text("Look:").with_image("cat.png").with_buttons([Button::new("More", "/more")]);
    let event = serde_json::to_value(Event::bot(&message)).unwrap();
    assert_eq!(event["text"], "Look:");
    assert_eq!(event["metadata"], json!({}));
    assert_eq!(
        event["data"].to_string(),
        json!({
            "elements": null,
            "quick_replies": null,
            "buttons": [{ "title": "More", "payload": "/more" }],
            "attachment": "cat.png",
            "image": "cat.png",
            "custom": null,
        })
        .to_string()
    );

    let event = Event::bot(&message.with_attachment("cat.pdf"));
    assert_eq!(serde_json::to_value(event).unwrap()["data"]["attachment"], "cat.pdf");
}

#[test]
fn a_bot_events_metadata_is_what_else_the_response_carried() {
    let mut message = BotMessage::text("Hi!");
    message.metadata.insert("utter_action".to_owned(), "utter_greet".into());
    assert_eq!(Event::bot(&message).metadata, message.metadata);
}
