//! Intents from outside, and actions.

use serde_json::{Value, json};

use super::support::{Refusing, events, get, good, post, reason, say, with_bot};
use crate::support::{logged, sent};

const GREET: &str = r#"{"name": "greet"}"#;

fn texts(outcome: &Value) -> Vec<&str> {
    outcome["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_intent_is_answered() {
    let server = with_bot("open:\n").build().unwrap();
    let outcome = good(&post(&server, "/conversations/ada/trigger_intent", GREET).await);
    assert_eq!(outcome["messages"], json!([{ "recipient_id": "ada", "text": "Hello." }]));
    assert_eq!(outcome["delivered"], "returned");
    let message = &outcome["tracker"]["latest_message"];
    assert_eq!(message["intent"], json!({ "name": "greet" }));
    assert_eq!((&message["text"], &message["entities"]), (&"EXTERNAL: greet".into(), &json!([])));
    assert_eq!(message["metadata"], json!({ "is_external": true }));
    assert_eq!(
        outcome["tracker"]["slots"]["session_started_metadata"],
        json!(null),
        "no session began with that"
    );
    assert_eq!(
        events(&outcome["tracker"])[..4],
        ["action_session_start", "session_started", "action_listen", "user"]
    );
}

#[tokio::test]
async fn entities_are_a_list_or_a_map() {
    let server = with_bot("open:\n").build().unwrap();
    for (entities, said) in [
        (r#"{"city": "Rome"}"#, "Think of Rome."),
        (r#"[{"entity": "city", "value": "Oslo"}]"#, "Think of Oslo."),
        ("null", "Think of Oslo."),
        ("[]", "Think of Oslo."),
        (r#""Paris""#, "Think of Oslo."),
    ] {
        let body = format!(r#"{{"name": "remind", "entities": {entities}}}"#);
        let outcome = good(&post(&server, "/conversations/ada/trigger_intent", &body).await);
        assert_eq!(texts(&outcome), [said], "{entities}");
    }
}

#[tokio::test]
async fn the_name_of_an_intent_is_checked() {
    let server = with_bot("open:\n").build().unwrap();
    let path = "/conversations/ada/trigger_intent";
    for body in ["{}", r#"{"name": ""}"#, r#"{"name": null}"#] {
        let refused = post(&server, path, body).await;
        assert_eq!(reason(&refused, 400), "BadRequest");
        assert_eq!(refused.json()["details"], json!({ "parameter": "name", "in": "body" }));
    }
    let refused = post(&server, path, r#"{"name": "nosuch"}"#).await;
    assert_eq!(reason(&refused, 404), "NotFound");
    assert!(refused.json()["message"].as_str().unwrap().contains("nosuch"));
    reason(&get(&server, "/conversations/ada/story").await, 404);
}

#[tokio::test]
async fn replies_go_where_they_are_wanted() {
    let server = with_bot("open:\nplatform:\n").build().unwrap();
    say(&server, "open", "where", "hi").await;
    let mut sent = sent();
    for (output, said, delivered) in [
        ("", "Hello.", "returned"),
        ("?output_channel=", "Hello.", "returned"),
        ("?output_channel=collector", "Hello.", "returned"),
        ("?output_channel=open", "Hello through open.", "returned"),
        ("?output_channel=latest", "Hello through open.", "returned"),
        ("?output_channel=platform", "Hello.", "sent"),
    ] {
        let outcome =
            good(&post(&server, &format!("/conversations/where/trigger_intent{output}"), GREET).await);
        assert_eq!((texts(&outcome), &outcome["delivered"]), (vec![said], &delivered.into()), "{output}");
        assert_eq!(outcome["tracker"]["latest_input_channel"], "open");
    }
    let mut to_ada = Vec::new();
    while let Ok((to, text)) = sent.try_recv() {
        to_ada.extend((to == "where").then_some(text));
    }
    assert_eq!(to_ada, ["Hello."]);
}

#[tokio::test]
async fn the_latest_of_a_conversation_that_has_none_is_nobody() {
    let server = with_bot("open:\nplatform:\n").build().unwrap();
    let outcome =
        good(&post(&server, "/conversations/new/trigger_intent?output_channel=latest", GREET).await);
    assert_eq!((texts(&outcome), &outcome["delivered"]), (vec!["Hello."], &"returned".into()));
    assert_eq!(outcome["tracker"]["latest_input_channel"], json!(null));
}

#[tokio::test]
async fn an_unknown_channel_is_refused_with_those_there_are() {
    let server = with_bot("open:\nplatform:\n").build().unwrap();
    let refused = post(&server, "/conversations/ada/trigger_intent?output_channel=nosuch", GREET).await;
    assert_eq!(reason(&refused, 400), "BadRequest");
    let message = refused.json()["message"].as_str().unwrap().to_owned();
    for name in ["`nosuch`", "`open`", "`platform`", "`latest`"] {
        assert!(message.contains(name), "{message}");
    }
    assert_eq!(refused.json()["details"], json!({ "parameter": "output_channel", "in": "query" }));
}

#[tokio::test]
async fn an_instance_is_meant_by_its_address() {
    let server = with_bot("platform:\n  instances:\n    acme:\n    umbra:\n").build().unwrap();
    let trigger = |output: &'static str| {
        let server = &server;
        async move {
            post(server, &format!("/conversations/inst/trigger_intent?output_channel={output}"), GREET).await
        }
    };
    let refused = trigger("platform").await;
    assert!(refused.json()["message"].as_str().unwrap().contains("`platform/acme`, `platform/umbra`"));
    reason(&refused, 400);
    assert_eq!(good(&trigger("platform/acme").await)["delivered"], "sent");
    assert_eq!(good(&trigger("platform").await)["delivered"], "sent", "the conversation's own");
    let story = get(&server, "/conversations/inst/story?channel=platform/acme").await;
    assert_eq!(story.status, 200, "{story:?}");
}

#[tokio::test]
async fn a_reply_that_is_not_sent_is_reported_and_kept() {
    let server = with_bot("open:\n").channel(Refusing).build().unwrap();
    let refused = post(&server, "/conversations/lost/trigger_intent?output_channel=refusing", GREET).await;
    assert_eq!(reason(&refused, 502), "SendError");
    assert_eq!(refused.json()["details"], json!({ "channel": "refusing" }));
    assert!(!refused.body.contains("tok-123"), "{refused:?}");
    assert!(!logged("tok-123").is_empty());
    let tracker = good(&get(&server, "/conversations/lost/tracker").await);
    assert!(events(&tracker).contains(&"bot".to_owned()));
}

#[tokio::test]
async fn an_action_is_run() {
    let server = with_bot("open:\n").build().unwrap();
    let path = "/conversations/ada/execute";
    let body = r#"{"name": "utter_greet", "policy": "mine", "confidence": 0.5}"#;
    assert_eq!(reason(&post(&server, path, body).await, 404), "Not found");
    say(&server, "open", "ada", "hi").await;
    let outcome = good(&post(&server, path, body).await);
    assert_eq!((texts(&outcome), &outcome["delivered"]), (vec!["Hello."], &"returned".into()));
    let tracker = &outcome["tracker"];
    assert_eq!(tracker["latest_action_name"], "utter_greet");
    let action =
        tracker["events"].as_array().unwrap().iter().rfind(|event| event["event"] == "action").unwrap();
    assert_eq!((&action["policy"], &action["confidence"]), (&"mine".into(), &0.5.into()));
    assert_eq!(reason(&post(&server, path, "{}").await, 400), "BadRequest");
    assert_eq!(
        reason(&post(&server, path, r#"{"name": "utter_greet", "confidence": "much"}"#).await, 400),
        "BadRequest"
    );
    assert_eq!(reason(&post(&server, path, r#"{"name": "nosuch"}"#).await, 404), "NotFound");
}
