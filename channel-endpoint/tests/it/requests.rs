//! What is sent.

use std::io::Read;

use channel_core::{Secret, Settings};
use channel_endpoint::{Endpoint, EndpointConfig};
use flate2::read::ZlibDecoder;
use serde_json::json;

use crate::support::{StandIn, answer};

#[tokio::test]
async fn a_call_is_a_post_of_json() {
    let mut stand_in = StandIn::answering([&answer("200 OK", r#"{"events": []}"#)]).await;
    let reply = stand_in.endpoint().post("", &json!({ "a": "é" })).send().await.unwrap();
    assert_eq!(reply.json().unwrap(), json!({ "events": [] }));
    let asked = stand_in.asked().await;
    assert!(asked.head.starts_with("post /webhook http/1.1\r\n"), "{}", asked.head);
    assert_eq!(asked.head.matches("content-type: application/json\r\n").count(), 1);
    assert_eq!(asked.body, r#"{"a":"é"}"#.as_bytes());
}

#[tokio::test]
async fn a_call_may_be_a_get() {
    let mut stand_in = StandIn::answering([&answer("200 OK", "{}")]).await;
    stand_in.endpoint().get("messages/MSG 1").send().await.unwrap();
    let asked = stand_in.asked().await;
    assert!(asked.head.starts_with("get /webhook/messages/msg%201 http/1.1\r\n"), "{}", asked.head);
    assert!(asked.body.is_empty() && !asked.head.contains("content-type"), "{}", asked.head);
}

#[tokio::test]
async fn the_settings_are_sent() {
    let mut stand_in = StandIn::answering([&answer("200 OK", "{}")]).await;
    let settings = Settings::from_json(&json!({
        "url": format!("http://{}/webhook?from=url", stand_in.address),
        "params": { "version": 2 },
        "headers": { "X-Tenant": "acme" },
        "basic_auth": { "username": "ada", "password": "pw" },
        "token": "a&b",
        "token_name": "key",
    }));
    let endpoint = Endpoint::new(settings.read().unwrap()).unwrap();
    endpoint.post("", &json!({})).header("traceparent", "00-1-2-01").send().await.unwrap();
    let head = stand_in.asked().await.head;
    assert!(head.starts_with("post /webhook?from=url&version=2&key=a%26b http/1.1\r\n"), "{head}");
    for header in ["x-tenant: acme", "authorization: basic ywrhonb3", "traceparent: 00-1-2-01"] {
        assert_eq!(head.matches(&format!("{header}\r\n")).count(), 1, "{header}: {head}");
    }
}

#[tokio::test]
async fn the_settings_name_counts_more_than_the_address() {
    let ok = answer("200 OK", "{}");
    let mut stand_in = StandIn::answering([&ok, &ok]).await;
    let url = format!("http://eve:pw@{}/", stand_in.address);
    for settings in [json!({ "url": url }), json!({ "url": url, "basic_auth": { "username": "ada" } })] {
        let config = Settings::from_json(&settings).read().unwrap();
        Endpoint::new(config).unwrap().post("", &json!({})).send().await.unwrap();
    }
    assert!(stand_in.asked().await.head.contains("authorization: basic zxzlonb3\r\n"));
    let head = stand_in.asked().await.head;
    assert_eq!(head.matches("authorization: ").count(), 1, "{head}");
    assert!(head.contains("authorization: basic ywrhog==\r\n"), "{head}");
}

#[tokio::test]
async fn a_path_is_put_behind_the_address() {
    let mut stand_in = StandIn::answering([&answer("200 OK", "{}")]).await;
    let config = EndpointConfig::new(format!("http://{}/rasa/", stand_in.address));
    let endpoint = Endpoint::new(config.with_token(Secret::new("t"))).unwrap();
    endpoint.post("conversations/a b?#%/../messages", &json!({})).send().await.unwrap();
    let head = stand_in.asked().await.head;
    assert!(
        head.starts_with("post /rasa/conversations/a%20b%3f%23%25/messages?token=t http/1.1\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn a_proxy_stands_between() {
    let mut proxy = StandIn::answering([&answer("200 OK", "{}")]).await;
    let mut config = EndpointConfig::new("http://endpoint.invalid/webhook");
    config.proxy = Some(Secret::new(format!("http://eve:pw@{}", proxy.address)));
    Endpoint::new(config).unwrap().post("", &json!({})).send().await.unwrap();
    let head = proxy.asked().await.head;
    assert!(head.starts_with("post http://endpoint.invalid/webhook http/1.1\r\n"), "{head}");
    assert!(head.contains("proxy-authorization: basic zxzlonb3\r\n"), "{head}");
}

#[tokio::test]
async fn a_body_may_be_deflated() {
    let mut stand_in = StandIn::answering([&answer("200 OK", "{}")]).await;
    let text = "again and ".repeat(1000);
    stand_in.endpoint().post("", &json!({ "text": text })).deflated().send().await.unwrap();
    let asked = stand_in.asked().await;
    assert!(asked.head.contains("content-encoding: deflate\r\n"), "{}", asked.head);
    assert!(asked.head.contains("content-type: application/json\r\n"), "{}", asked.head);
    assert!(asked.body.len() < 1000);
    let mut body = String::new();
    ZlibDecoder::new(asked.body.as_slice()).read_to_string(&mut body).unwrap();
    assert_eq!(body, json!({ "text": text }).to_string());
}

#[tokio::test]
async fn what_can_not_be_sent_is_not() {
    let stand_in = StandIn::answering([]).await;
    let endpoint = stand_in.endpoint();
    let error = endpoint.post("", &json!({})).header("x", "s3cret\n").send().await.unwrap_err();
    let expected = format!("no request to http://{}/webhook could be made: ", stand_in.address);
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(!error.was_sent() && !error.is_retryable() && !error.to_string().contains("s3cret"));
}

#[tokio::test]
async fn a_secret_may_stand_in_the_path() {
    let mut stand_in = StandIn::answering([&answer("200 OK", "{}")]).await;
    let config = EndpointConfig::new(format!("http://{}/bot", stand_in.address));
    let endpoint = Endpoint::new(config.with_path_secret(Secret::new("42:t0ken"))).unwrap();
    endpoint.post("getMe", &json!({})).send().await.unwrap();
    let head = stand_in.asked().await.head;
    assert!(head.starts_with("post /bot42:t0ken/getme http/1.1\r\n"), "{head}");
}
