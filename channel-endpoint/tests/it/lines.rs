//! Replies that are read while they come.

use channel_endpoint::{EndpointError, MAX_REPLY};
use serde_json::json;

use crate::support::{StandIn, answer};

#[tokio::test]
async fn lines_come_without_empty_ones() {
    let mut stand_in = StandIn::answering([&answer("200 OK", "one\n\r\n  \ntwo\r\nthree")]).await;
    let endpoint = stand_in.endpoint();
    let mut lines = endpoint.post("", &json!({ "a": 1 })).lines().await.unwrap();
    let mut found = Vec::new();
    while let Some(line) = lines.next().await.unwrap() {
        found.push(String::from_utf8(line).unwrap());
    }
    assert_eq!(found, ["one\n", "two\r\n", "three"]);
    assert_eq!(stand_in.asked().await.body, br#"{"a":1}"#);
}

#[tokio::test]
async fn a_refusal_has_no_lines() {
    let stand_in = StandIn::answering([&answer("500 Oops", "one\n")]).await;
    let error = stand_in.endpoint().post("", &json!({})).lines().await.unwrap_err();
    assert!(matches!(error, EndpointError::Status { status: 500, .. }), "{error}");
}

#[tokio::test]
async fn a_reply_without_end_is_cut() {
    let stand_in = StandIn::answering([&answer("200 OK", &"x".repeat(MAX_REPLY + 1))]).await;
    let endpoint = stand_in.endpoint();
    let mut lines = endpoint.post("", &json!({})).lines().await.unwrap();
    let error = lines.next().await.unwrap_err();
    assert!(matches!(error, EndpointError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_lost() {
    let whole = answer("200 OK", "one\ntwo\n");
    let stand_in = StandIn::answering([&whole[..whole.len() - 2]]).await;
    let endpoint = stand_in.endpoint();
    let mut lines = endpoint.post("", &json!({})).lines().await.unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap(), b"one\n");
    let error = lines.next().await.unwrap_err();
    assert!(matches!(error, EndpointError::Lost { .. }), "{error}");
}
