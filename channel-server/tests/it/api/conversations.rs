//! Which conversation is meant, and what is shown of it.

use channel_core::axum::http::Method;
use serde_json::json;

use super::support::{call, events, get, good, post, reason, say, with_bot};
use crate::support::server;

#[tokio::test]
async fn a_conversation_is_shown() {
    let server = with_bot("open:\n").build().unwrap();
    assert_eq!(say(&server, "open", "ada", "hi").await, ["Hello through open."]);
    let tracker = good(&get(&server, "/conversations/ada/tracker").await);
    assert_eq!(tracker["sender_id"], "ada");
    assert_eq!(tracker["latest_input_channel"], "open");
    assert_eq!(tracker["latest_message"]["intent"]["name"], "greet");
    let start = ["action_session_start", "session_started", "action_listen", "user"];
    assert_eq!(events(&tracker)[..4], start);
    assert_eq!(good(&get(&server, "/conversations/ada/tracker/").await), tracker, "a slash at its end");
}

#[tokio::test]
async fn one_that_has_not_begun_is_shown_as_it_would_begin() {
    let server = with_bot("open:\n").build().unwrap();
    let tracker = good(&get(&server, "/conversations/new/tracker").await);
    assert_eq!(events(&tracker), ["action_session_start", "session_started", "action_listen"]);
    assert_eq!(tracker["latest_action_name"], "action_listen");
    assert_eq!(reason(&get(&server, "/conversations/new/story").await, 404), "Not found", "it is not kept");
    let deaf = server_without_domain();
    assert_eq!(reason(&get(&deaf, "/conversations/new/tracker").await, 404), "Not found");
}

fn server_without_domain() -> channel_server::Server {
    server("open:\n").enable_api(channel_server::ApiOptions::default()).build().unwrap()
}

#[tokio::test]
async fn an_agent_without_a_domain_is_asked_for_little() {
    let server = server_without_domain();
    assert_eq!(say(&server, "open", "ada", "hi").await, ["hi"]);
    let tracker = good(&get(&server, "/conversations/ada/tracker").await);
    assert_eq!(tracker["sender_id"], "ada");
    for (method, path, body) in [
        (Method::GET, "/domain", ""),
        (Method::POST, "/model/parse", r#"{"text": "hi"}"#),
        (Method::POST, "/conversations/ada/predict", ""),
        (Method::POST, "/conversations/ada/execute", r#"{"name": "utter_greet"}"#),
        (Method::POST, "/conversations/ada/trigger_intent", r#"{"name": "greet"}"#),
        (Method::POST, "/conversations/ada/messages", r#"{"text": "hi", "sender": "user"}"#),
    ] {
        assert_eq!(reason(&call(&server, method, path, body).await, 409), "Conflict", "{path}");
    }
    let event = r#"{"event": "slot", "name": "city", "value": "Rome"}"#;
    let tracker = good(&post(&server, "/conversations/ada/tracker/events", event).await);
    assert_eq!(tracker["slots"]["city"], "Rome");
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap()
}

#[tokio::test]
async fn ids_are_decoded_and_may_have_slashes() {
    let server = with_bot("open:\n").build().unwrap();
    for sender in ["+1555", "a/b/c", "ä ö", "tracker", "50%", "x/tracker", "a//b", "?", "%2F"] {
        say(&server, "open", sender, "hi").await;
        let escaped: String =
            sender.bytes().flat_map(|byte| ['%', digit(byte / 16), digit(byte % 16)]).collect();
        let tracker = good(&get(&server, &format!("/conversations/{escaped}/tracker")).await);
        assert_eq!(
            (&tracker["sender_id"], &tracker["latest_input_channel"]),
            (&sender.into(), &"open".into())
        );
    }
    for (path, sender) in
        [("+1555", "+1555"), ("a/b/c", "a/b/c"), ("a//b", "a//b"), ("x/tracker", "x/tracker")]
    {
        let tracker = good(&get(&server, &format!("/conversations/{path}/tracker")).await);
        assert_eq!(
            (&tracker["sender_id"], &tracker["latest_input_channel"]),
            (&sender.into(), &"open".into())
        );
    }
    reason(&get(&server, "/conversations/%FF/tracker").await, 400);
    reason(&get(&server, "/conversations//tracker").await, 404);
    get(&server, "/conversations/tracker").await.refused(404);
}

#[tokio::test]
async fn events_are_shown_as_asked_for() {
    let server = with_bot("open:\n").build().unwrap();
    say(&server, "open", "ada", "hi").await;
    post(&server, "/conversations/ada/tracker/events", r#"[{"event": "restart"}, {"event": "pause"}]"#).await;
    let shown = |query: &'static str| {
        let server = &server;
        async move { good(&get(server, &format!("/conversations/ada/tracker?{query}")).await)["events"].clone() }
    };
    assert_eq!(shown("include_events=NONE").await, json!(null));
    assert_eq!(shown("").await.as_array().unwrap().len(), 1);
    assert_eq!(shown("include_events=").await, shown("include_events=after_restart").await);
    assert!(shown("include_events=all").await.as_array().unwrap().len() > 5);
    assert_eq!(shown("until=1.0&include_events=ALL").await, json!([]));
    assert_eq!(shown("until=abc").await, shown("").await);
    let refused = get(&server, "/conversations/ada/tracker?include_events=SOME").await;
    assert_eq!(reason(&refused, 400), "BadRequest");
    assert_eq!(refused.json()["details"], json!({ "parameter": "include_events", "in": "query" }));
    assert!(refused.json()["message"].as_str().unwrap().ends_with("NONE, APPLIED, AFTER_RESTART, ALL"));
}

#[tokio::test]
async fn a_bare_id_means_one_conversation_or_the_caller_chooses() {
    let server = with_bot("open:\nguarded: { token: tok, insecure: true }\n").build().unwrap();
    say(&server, "open", "ada", "hi").await;
    good(&get(&server, "/conversations/ada/tracker").await);
    say(&server, "guarded", "ada", "hi").await;
    let refused = get(&server, "/conversations/ada/tracker").await;
    assert_eq!(reason(&refused, 409), "Conflict");
    assert_eq!(
        refused.json()["details"],
        json!({ "parameter": "channel", "in": "query", "candidates": ["guarded", "open"] })
    );
    assert!(refused.json()["message"].as_str().unwrap().contains("`channel`"));
    for channel in ["open", "guarded"] {
        let tracker = good(&get(&server, &format!("/conversations/ada/tracker?channel={channel}")).await);
        assert_eq!(tracker["latest_input_channel"], channel);
    }
    let path = "/conversations/ada/trigger_intent?output_channel=open";
    let outcome = good(&post(&server, path, r#"{"name": "greet"}"#).await);
    assert_eq!(outcome["tracker"]["latest_input_channel"], "open", "the channel named says which");
    let path = "/conversations/ada/trigger_intent?output_channel=latest";
    assert_eq!(reason(&post(&server, path, r#"{"name": "greet"}"#).await, 409), "Conflict");
    let refused = get(&server, "/conversations/ada/tracker?channel=nosuch").await;
    assert!(refused.json()["message"].as_str().unwrap().contains("`guarded`"), "{refused:?}");
    reason(&refused, 400);
}

#[tokio::test]
async fn shared_conversations_are_one() {
    let server = with_bot("open:\nguarded: { token: tok, insecure: true }\n")
        .shared_conversations(true)
        .build()
        .unwrap();
    say(&server, "open", "ada", "hi").await;
    say(&server, "guarded", "ada", "hi").await;
    let tracker = good(&get(&server, "/conversations/ada/tracker").await);
    assert_eq!(tracker, good(&get(&server, "/conversations/ada/tracker?channel=open").await));
    assert_eq!(events(&tracker).iter().filter(|event| *event == "user").count(), 2);
}

#[tokio::test]
async fn a_conversation_goes_on_where_it_began() {
    let server = with_bot("open:\n").build().unwrap();
    good(&post(&server, "/conversations/ada/trigger_intent", r#"{"name": "greet"}"#).await);
    say(&server, "open", "ada", "hi").await;
    let tracker = good(&get(&server, "/conversations/ada/tracker").await);
    assert_eq!(events(&tracker).iter().filter(|event| *event == "user").count(), 2);
}

#[tokio::test]
async fn a_conversation_is_forgotten() {
    let server = with_bot("open:\n").build().unwrap();
    say(&server, "open", "ada", "hi").await;
    let delete = || call(&server, Method::DELETE, "/conversations/ada/tracker", "");
    assert_eq!(delete().await.status, 204);
    assert_eq!(reason(&delete().await, 404), "Not found");
    assert_eq!(good(&get(&server, "/conversations/ada/tracker").await)["latest_input_channel"], json!(null));
}
