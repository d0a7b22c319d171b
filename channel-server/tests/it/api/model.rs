//! What can be asked of the bot itself.

use channel_core::axum::http::Method;
use serde_json::json;

use super::support::{call_with, events, get, good, post, reason, say, with_bot};

#[tokio::test]
async fn the_server_says_what_it_is() {
    let server = with_bot("open:\n").build().unwrap();
    assert!(get(&server, "/").await.body.starts_with("Hello from"));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        good(&get(&server, "/version").await),
        json!({ "version": version, "minimum_compatible_version": version })
    );
    assert_eq!(
        good(&get(&server, "/status").await),
        json!({ "model_file": null, "model_id": "test_bot", "num_active_training_jobs": 0 })
    );
}

#[tokio::test]
async fn the_domain_is_json_or_yaml() {
    let server = with_bot("open:\n").build().unwrap();
    let accepting = |accept: &'static str| {
        let server = &server;
        async move { call_with(server, Method::GET, "/domain", "", &[("accept", accept)]).await }
    };
    let domain = good(&get(&server, "/domain").await);
    assert_eq!(domain["responses"]["utter_greet"][0]["text"], "Hello.");
    assert_eq!(good(&accepting("application/json").await), domain);
    for accept in ["application/x-yaml", "text/yml"] {
        let yaml = accepting(accept).await;
        assert_eq!(yaml.header("content-type"), "application/x-yaml");
        assert!(yaml.body.contains("  utter_remind:\n  - text: Think of {city}.\n"), "{}", yaml.body);
    }
    for accept in ["text/html", "*/*"] {
        assert_eq!(reason(&accepting(accept).await, 406), "NotAcceptable");
    }
}

#[tokio::test]
async fn a_text_is_understood() {
    let server = with_bot("open:\n").build().unwrap();
    let parsed = good(&post(&server, "/model/parse", r#"{"text": "hi"}"#).await);
    assert_eq!(
        (&parsed["text"], &parsed["intent"]["name"], &parsed["entities"]),
        (&"hi".into(), &"greet".into(), &json!([]))
    );
    assert_eq!(reason(&post(&server, "/model/parse", "{}").await, 400), "BadRequest");
    reason(&post(&server, "/model/parse?emulation_mode=LUIS", r#"{"text": "hi"}"#).await, 400);
}

#[tokio::test]
async fn the_next_action_is_predicted() {
    let server = with_bot("open:\n").build().unwrap();
    assert_eq!(reason(&post(&server, "/conversations/ada/predict", "").await, 404), "Not found");
    let path = "/conversations/ada/messages";
    good(&post(&server, path, r#"{"text": "hi", "sender": "user"}"#).await);
    let prediction = good(&post(&server, "/conversations/ada/predict", "").await);
    assert_eq!(prediction["scores"][0], json!({ "action": "utter_greet", "score": 1.0 }));
    assert_eq!((&prediction["policy"], &prediction["confidence"]), (&"RulePolicy".into(), &1.0.into()));
    assert_eq!(events(&prediction["tracker"]).last().unwrap(), "user");
    say(&server, "open", "bob", "hi").await;
    good(&post(&server, "/conversations/bob/predict", "{}").await);
}
