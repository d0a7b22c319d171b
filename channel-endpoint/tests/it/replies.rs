//! What is made of a reply.

use serde_json::{Value, json};

use crate::support::{StandIn, answer, answer_with};

#[tokio::test]
async fn an_empty_body_is_null() {
    let stand_in = StandIn::answering(["HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"]).await;
    let reply = stand_in.endpoint().post("", &json!({})).send().await.unwrap();
    assert_eq!((reply.body(), reply.json().unwrap()), (b"".as_slice(), Value::Null));
}

#[tokio::test]
async fn json_is_json_under_any_name() {
    let stand_in =
        StandIn::answering([&answer_with("201 Created", "Content-Type: text/plain\r\n", "[1]")]).await;
    let reply = stand_in.endpoint().post("", &json!({})).send().await.unwrap();
    assert_eq!(reply.json().unwrap(), json!([1]));
}

#[tokio::test]
async fn a_page_is_no_json() {
    let page = answer_with("200 OK", "Content-Type: text/html\r\n", "<html>Sign in</html>");
    let stand_in = StandIn::answering([&page]).await;
    let reply = stand_in.endpoint().post("", &json!({})).send().await.unwrap();
    assert_eq!(reply.body(), b"<html>Sign in</html>");
    let error = reply.json().unwrap_err();
    let expected = format!(
        "the reply of http://{}/webhook is no JSON (\"text/html\", expected value at line 1 column 1); check that this \
         is its address",
        stand_in.address
    );
    assert_eq!(error.to_string(), expected);
    assert!(error.was_sent() && !error.is_retryable());
}

#[tokio::test]
async fn half_of_json_is_none() {
    let stand_in = StandIn::answering([&answer("200 OK", r#"{"events": ["#)]).await;
    let reply = stand_in.endpoint().post("", &json!({})).send().await.unwrap();
    assert!(reply.json().unwrap_err().to_string().contains("EOF while parsing"));
}
