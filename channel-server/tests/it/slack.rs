//! `slack` in a server: a delivery is answered at once, and has one turn however often it comes.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use channel_core::Json;
use channel_server::{
    core::axum::{
        Router,
        extract::Request,
        http::{StatusCode, Uri},
        response::IntoResponse as _,
        serve,
    },
    engine::{Conversation, MemoryStore, Store as _},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use crate::support::{ask, gated, in_time, server};

const PATH: &str = "/webhooks/slack/webhook";
const SECRET: &str = "s3cr3t-slack-signing";

/// A Web API that takes everything but what is `limited`; what it was called with.
async fn web_api() -> (SocketAddr, UnboundedReceiver<(String, Value)>) {
    let (sender, calls) = unbounded_channel();
    let take = async move |uri: Uri, Json(body): Json<Value>| {
        let is_limited = body["text"] == "limited";
        let _ = sender.send((uri.path().to_owned(), body));
        if is_limited {
            let refusal = Json(json!({ "ok": false, "error": "ratelimited" }));
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3600")], refusal).into_response();
        }
        Json(json!({ "ok": true, "ts": "1760000004.000100" })).into_response()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { serve(listener, Router::new().fallback(take)).await });
    (address, calls)
}

fn signed(path: &str, secret: &str, body: &Value) -> Request {
    let (now, body) = (SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(), body.to_string());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{now}:{body}").as_bytes());
    let signature = tag.as_ref().iter().fold(String::from("v0="), |text, byte| text + &format!("{byte:02x}"));
    Request::post(path)
        .header("content-type", "application/json")
        .header("x-slack-request-timestamp", now)
        .header("x-slack-signature", signature)
        .body(body.into())
        .unwrap()
}

fn event(id: &str, kind: &str, ts: &str, text: &str) -> Value {
    json!({
        "type": "event_callback",
        "team_id": "T0TEAM",
        "event_id": id,
        "authorizations": [{ "user_id": "U0BOT", "is_bot": true }],
        "event": { "type": kind, "channel": "C0GENERAL", "user": "U0USER", "text": text, "ts": ts },
    })
}

#[tokio::test]
async fn what_comes_again_while_the_bot_thinks_has_one_turn_and_one_reply() {
    let (api, mut calls) = web_api().await;
    let (agent, mut gate) = gated();
    let credentials = format!(
        "slack: {{ slack_token: t, slack_signing_secret: {SECRET}, slack_channel: C0GENERAL, api_url: 'http://{api}/api' }}"
    );
    let server = server(&credentials).agent(agent).build().unwrap();
    let mention = event("Ev1", "app_mention", "1.1", "<@U0BOT> one");
    let deliver = |body: &Value| ask(&server, signed(PATH, SECRET, body));
    let (first, second, third) = tokio::join!(deliver(&mention), deliver(&mention), deliver(&mention));
    let as_message = deliver(&event("Ev2", "message", "1.1", "<@U0BOT> one")).await;
    let other = deliver(&event("Ev3", "message", "1.2", "two")).await;
    for answer in [first, second, third, as_message, other] {
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    }
    gate.open(2);
    assert_eq!([gate.begin().await, gate.begin().await], ["one", "two"]);
    for text in ["one", "two"] {
        let (path, body) = in_time(calls.recv()).await.unwrap();
        assert_eq!((path.as_str(), &body["channel"]), ("/api/chat.postMessage", &json!("C0GENERAL")));
        assert_eq!(body["text"], text);
    }
}

#[tokio::test]
async fn an_instance_believes_its_own_workspace_alone() {
    let credentials = "slack: { instances: { acme: { slack_token: t, slack_signing_secret: acme-secret }, umbra: { \
                       slack_token: t, slack_signing_secret: umbra-secret } } }";
    let server = server(credentials).build().unwrap();
    let challenge = json!({ "type": "url_verification", "challenge": "ch-4f1" });
    for (instance, secret, status) in
        [("acme", "acme-secret", 200), ("umbra", "acme-secret", 401), ("umbra", "umbra-secret", 200)]
    {
        let path = format!("/webhooks/slack/{instance}/webhook");
        assert_eq!(
            ask(&server, signed(&path, secret, &challenge)).await.status,
            status,
            "{instance} by {secret}"
        );
    }
}

#[tokio::test]
async fn instances_have_conversations_and_limits_of_their_own() {
    let (api, mut calls) = web_api().await;
    let credentials = format!(
        "slack: {{ instances: {{ acme: {{ slack_token: t, slack_signing_secret: acme, api_url: 'http://{api}/acme' }}, \
         umbra: {{ slack_token: t, slack_signing_secret: umbra, api_url: 'http://{api}/umbra' }} }} }}"
    );
    let store = Arc::new(MemoryStore::default());
    let server = server(&credentials).shared_store(Arc::clone(&store) as _).build().unwrap();
    for (instance, text) in [("acme", "limited"), ("acme", "later"), ("umbra", "now")] {
        let path = format!("/webhooks/slack/{instance}/webhook");
        let mut event = event("Ev1", "message", text, text);
        event["event"]["channel_type"] = "im".into();
        assert_eq!(ask(&server, signed(&path, instance, &event)).await.status, 200);
    }
    let mut called = Vec::new();
    for _ in 0..2 {
        let (path, body) = in_time(calls.recv()).await.unwrap();
        called.push(format!("{path}: {}", body["text"].as_str().unwrap()));
    }
    called.sort();
    assert_eq!(called, ["/acme/chat.postMessage: limited", "/umbra/chat.postMessage: now"]);
    let unsent = async |instance: &str| {
        let conversation = Conversation::new(format!("slack/{instance}"), "U0USER");
        store.unsent(&conversation, 9).await.unwrap().len()
    };
    assert_eq!(unsent("acme").await, 2);
}
