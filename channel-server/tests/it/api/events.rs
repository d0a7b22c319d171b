//! Events and messages from outside.

use channel_core::axum::http::Method;
use serde_json::{Value, json};

use super::support::{Refusing, call, events, get, good, post, reason, say, with_bot};
use crate::support::sent;

const PATH: &str = "/conversations/ada/tracker/events";

#[tokio::test]
async fn events_are_added_to_a_session() {
    let server = with_bot("open:\n").build().unwrap();
    let body = r#"[{"event": "slot", "name": "city", "value": "Rome", "timestamp": 1700000000.5}, {"event": "bot", "text": "from outside", "data": {"image": "http://example.com/i.png"}}]"#;
    let tracker = good(&post(&server, PATH, body).await);
    assert_eq!(events(&tracker), ["action_session_start", "session_started", "action_listen", "slot", "bot"]);
    assert_eq!(tracker["slots"]["city"], "Rome");
    let [slot, bot] = [&tracker["events"][3], &tracker["events"][4]];
    assert_eq!(
        (&slot["timestamp"], &slot["metadata"]),
        (&1_700_000_000.5.into(), &json!({ "assistant_id": "test_bot" }))
    );
    assert!(bot["timestamp"].as_f64().unwrap() > 1_700_000_001.0);
    assert_eq!(bot["data"], json!({ "image": "http://example.com/i.png" }));
    let tracker = good(&post(&server, PATH, r#"{"event": "pause", "timestamp": null}"#).await);
    assert_eq!(events(&tracker).last().unwrap(), "pause");
    assert_eq!(tracker["paused"], true);
}

#[tokio::test]
async fn events_that_begin_a_session_begin_it() {
    let server = with_bot("open:\n").build().unwrap();
    let body = r#"[{"event": "action", "name": "action_session_start"}, {"event": "session_started"}, {"event": "action", "name": "action_listen"}]"#;
    let tracker = good(&post(&server, PATH, body).await);
    assert_eq!(events(&tracker), ["action_session_start", "session_started", "action_listen"]);
}

#[tokio::test]
async fn a_bad_event_is_named() {
    let server = with_bot("open:\n").build().unwrap();
    for (event, said) in [
        (r#"{"event": "nosuch"}"#, "\"nosuch\" is not the type"),
        (r#"{"name": "city"}"#, "`event` is missing"),
        ("7", "not an object"),
        ("null", "not an object"),
        (r#"{"event": 7}"#, "7 is not the type"),
        (r#"{"event": "restart", "timestamp": "now"}"#, "`timestamp`"),
        (r#"{"event": "restart", "metadata": []}"#, "`metadata`"),
        (r#"{"event": "slot", "name": "city"}"#, "`value`"),
        (r#"{"event": "slot", "value": 1}"#, "`name`"),
        (r#"{"event": "user", "text": 1}"#, "expected a string"),
        (r#"{"event": "user", "parse_data": {"intent": {"name": 1}}}"#, "`parse_data.intent.name`"),
        (r#"{"event": "user", "parse_data": {"entities": [{"entity": "city"}]}}"#, "`value`"),
        (r#"{"event": "entities", "entities": {}}"#, "`entities`"),
        (r#"{"event": "followup"}"#, "`name`"),
    ] {
        for method in [Method::POST, Method::PUT] {
            let body = format!(r#"[{{"event": "restart"}}, {event}]"#);
            let refused = call(&server, method, PATH, &body).await;
            assert_eq!(reason(&refused, 400), "BadRequest");
            let json = refused.json();
            let message = json["message"].as_str().unwrap();
            assert!(message.starts_with("Failed to validate the events format."), "{message}");
            assert!(message.contains("event 1") && message.contains(said), "{event}: {message}");
            assert_eq!(json["details"]["event"], 1);
            assert!(json["details"]["types"].as_array().unwrap().contains(&Value::from("slot")));
        }
    }
    assert_eq!(reason(&post(&server, PATH, "[]").await, 400), "BadRequest");
    reason(&get(&server, "/conversations/ada/story").await, 404);
}

#[tokio::test]
async fn events_take_the_place_of_others() {
    let server = with_bot("open:\n").build().unwrap();
    say(&server, "open", "ada", "hi").await;
    let body = r#"[{"event": "action", "name": "action_listen", "timestamp": 1700000001.0}]"#;
    let tracker = good(&call(&server, Method::PUT, PATH, body).await);
    assert_eq!(events(&tracker), ["action_listen"]);
    assert_eq!(tracker["latest_event_time"], 1_700_000_001.0);
    assert_eq!(tracker["slots"], json!({ "city": null, "session_started_metadata": null }));
    assert_eq!(good(&get(&server, "/conversations/ada/tracker").await), tracker);
    let path = "/conversations/never/tracker/events";
    assert_eq!(events(&good(&call(&server, Method::PUT, path, body).await)), ["action_listen"]);
}

#[tokio::test]
async fn what_the_bot_said_is_sent_where_asked_for() {
    let server = with_bot("open:\nplatform:\n").channel(Refusing).build().unwrap();
    let mut sent = sent();
    let path = "/conversations/effects/tracker/events?output_channel=platform";
    let body = r#"[{"event": "bot", "text": "look", "data": {"image": "http://i", "attachment": "http://i"}}, {"event": "user", "text": "no"}]"#;
    good(&post(&server, path, body).await);
    good(&post(&server, &format!("{path}&execute_side_effects=TRUE"), body).await);
    let mut texts = Vec::new();
    while let Ok((to, text)) = sent.try_recv() {
        texts.extend((to == "effects").then_some(text));
    }
    assert_eq!(texts, ["look", "Image: http://i"]);
    let path = "/conversations/effects/tracker/events?output_channel=refusing&execute_side_effects=true";
    assert_eq!(reason(&post(&server, path, body).await, 502), "SendError");
}

#[tokio::test]
async fn a_message_is_heard_and_not_answered() {
    let server = with_bot("open:\n").build().unwrap();
    let path = "/conversations/ada/messages";
    let tracker = good(&post(&server, path, r#"{"text": "hi", "sender": "user"}"#).await);
    assert_eq!(events(&tracker), ["action_session_start", "session_started", "action_listen", "user"]);
    assert_eq!(
        (&tracker["latest_message"]["intent"]["name"], &tracker["latest_input_channel"]),
        (&"greet".into(), &json!(null))
    );
    let body = r#"{"text": "well", "sender": "user", "parse_data": {"intent": {"name": "remind", "confidence": 0.5}, "entities": [{"entity": "city", "value": "Rome"}]}}"#;
    let tracker = good(&post(&server, path, body).await);
    assert_eq!(tracker["latest_message"]["intent"], json!({ "name": "remind", "confidence": 0.5 }));
    assert_eq!(tracker["slots"]["city"], "Rome");
    for (body, sender) in [(r#"{"text": "hi", "sender": "bot"}"#, "'bot'"), (r#"{"text": "hi"}"#, "'None'")] {
        let refused = post(&server, path, body).await;
        assert_eq!(reason(&refused, 400), "BadRequest");
        assert!(refused.json()["message"].as_str().unwrap().contains(sender), "{refused:?}");
        assert_eq!(refused.json()["details"], json!({ "parameter": "sender", "in": "body" }));
    }
    reason(&post(&server, path, r#"{"text": 7, "sender": "user"}"#).await, 400);
    reason(&post(&server, path, r#"{"text": "hi", "sender": "user", "parse_data": []}"#).await, 400);
}
