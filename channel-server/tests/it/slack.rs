//! `slack` in a server: a delivery is answered at once, and has one turn however often it comes.

use std::{
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use channel_core::Json;
use channel_server::core::axum::{Router, extract::Request, http::Uri, serve};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use crate::support::{ask, gated, in_time, server};

const PATH: &str = "/webhooks/slack/webhook";
const SECRET: &str = "s3cr3t-slack-signing";

/// A Web API that takes everything; what it was called with.
async fn web_api() -> (SocketAddr, UnboundedReceiver<(String, Value)>) {
    let (sender, calls) = unbounded_channel();
    let take = async move |uri: Uri, Json(body): Json<Value>| {
        let _ = sender.send((uri.path().to_owned(), body));
        Json(json!({ "ok": true, "ts": "1760000004.000100" }))
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
