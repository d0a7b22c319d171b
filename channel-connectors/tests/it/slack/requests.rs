//! Who is let in, and what is answered.

use std::time::{SystemTime, UNIX_EPOCH};

use channel_core::axum::{body::Body, extract::Request};
use serde_json::json;

use super::support::{FORM, JSON, SECRET, Workspace, fixture, only, signed, signed_at};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn the_address_is_verified_with_the_challenge() {
    let workspace = Workspace::with(&json!({}));
    let body = fixture("url_verification").to_string();
    assert_eq!(workspace.deliver(signed(JSON, &body)).await, (200, "ch-4f1".to_owned()));
    let forged = signed_at(now(), "another secret", JSON, &body);
    assert_eq!(workspace.deliver(forged).await.0, 401, "the challenge is no way around the signature");
}

#[tokio::test]
async fn what_slack_did_not_sign_just_now_is_refused() {
    let workspace = Workspace::with(&json!({}));
    let body = fixture("message_im").to_string();
    let unsigned =
        Request::post("/webhook").header("content-type", JSON).body(Body::from(body.clone())).unwrap();
    let mut cut_off = signed(JSON, &body);
    *cut_off.body_mut() = Body::from(body[..body.len() - 1].to_owned());
    for (what, request) in [
        ("unsigned", unsigned),
        ("cut off", cut_off),
        ("another secret", signed_at(now(), "another secret", JSON, &body)),
        ("old", signed_at(now() - 310, SECRET, JSON, &body)),
        ("of the future", signed_at(now() + 310, SECRET, JSON, &body)),
    ] {
        let (status, answer) = workspace.deliver(request).await;
        assert_eq!(status, 401, "{what}");
        assert!(!answer.contains(SECRET) && !answer.contains("v0="), "{what}: {answer}");
    }
    assert_eq!(workspace.event(&fixture("reaction_added")).await, [], "nothing came in");
}

#[tokio::test]
async fn a_media_type_may_have_parameters() {
    let workspace = Workspace::with(&json!({}));
    let body = fixture("message_im").to_string();
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(only(workspace.taken(signed(content_type, &body)).await).text, "hello there");
    }
    assert_eq!(workspace.deliver(signed("text/plain", &body)).await.0, 415);
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let workspace = Workspace::with(&json!({}));
    assert_eq!(workspace.deliver(signed(JSON, "{")).await.0, 400);
    assert_eq!(workspace.deliver(signed(FORM, "payload=%7B")).await.0, 400);
}

#[tokio::test]
async fn what_has_another_shape_is_no_message_and_no_failure() {
    let workspace = Workspace::with(&json!({ "edits": true, "slack_channel": "C0GENERAL" }));
    for body in [
        json!(null),
        json!([1]),
        json!({}),
        json!({ "type": 5 }),
        json!({ "type": "event_callback" }),
        json!({ "type": "event_callback", "event": [] }),
        json!({ "type": "event_callback", "event": { "type": "message", "channel_type": "im", "text": "Hi" } }),
        json!({ "type": "event_callback", "event": { "type": "message", "subtype": "message_changed", "channel_type": "im" } }),
        json!({ "type": "to be invented" }),
    ] {
        assert_eq!(workspace.event(&body).await, [], "{body}");
        assert_eq!(workspace.interaction(&body).await, [], "{body}");
    }
}

#[tokio::test]
async fn what_is_not_kept_is_delivered_again() {
    let workspace = Workspace::with(&json!({}));
    workspace.fill();
    let (status, _) = workspace.deliver(signed(JSON, &fixture("message_im").to_string())).await;
    assert_eq!(status, 503);
}

#[tokio::test]
async fn a_retry_is_the_same_message() {
    let workspace = Workspace::with(&json!({ "errors_ignore_retry": ["http_timeout"] }));
    let body = fixture("message_im");
    let first = only(workspace.event(&body).await);
    let mut again = signed(JSON, &body.to_string());
    again.headers_mut().insert("x-slack-retry-num", "1".parse().unwrap());
    again.headers_mut().insert("x-slack-retry-reason", "http_timeout".parse().unwrap());
    assert_eq!(only(workspace.taken(again).await).message_id, first.message_id);
}
