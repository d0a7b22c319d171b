//! HTTP as clients and load balancers speak it.

use std::time::Duration;

use channel_server::{
    Limits,
    core::axum::{
        body::Body,
        extract::Request,
        http::{HeaderValue, Method},
    },
};
use serde_json::json;

use crate::support::{Peer, ask, post, server};

const REST: &str = "/webhooks/rest/webhook";
const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

fn request(method: Method, path: &str) -> Request {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn the_root_says_hello() {
    let server = server("rest:").build().unwrap();
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(ask(&server, request(method, "/")).await.status, 200);
    }
    let hello = ask(&server, request(Method::GET, "/?a=b")).await;
    assert!(hello.body.starts_with("Hello from channel-server: "), "{hello:?}");
    for method in [Method::POST, Method::DELETE, Method::OPTIONS] {
        let refused = ask(&server, request(method, "/")).await;
        refused.refused(405);
        assert_eq!(refused.header("allow"), "GET,HEAD");
    }
}

#[tokio::test]
async fn health_is_there_with_and_without_a_slash() {
    let server = server("rest:").build().unwrap();
    for path in ["/webhooks/rest", "/webhooks/rest/", "/webhooks/rest?a=b", "/webhooks/rest/?a=b"] {
        let health = ask(&server, request(Method::GET, path)).await;
        assert_eq!((health.status, health.json()), (200, json!({ "status": "ok" })), "{path}");
        let head = ask(&server, request(Method::HEAD, path)).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        let refused = ask(&server, request(Method::POST, path)).await;
        refused.refused(405);
        assert_eq!(refused.header("allow"), "GET,HEAD");
    }
}

#[tokio::test]
async fn the_webhook_is_there_with_and_without_a_slash() {
    let server = server("rest:").build().unwrap();
    for path in [REST, "/webhooks/rest/webhook/", "/webhooks/rest/webhook?a=b", "/webhooks/rest/webhook/?a=b"]
    {
        assert_eq!(ask(&server, post(path, HI)).await.texts(), ["Hi"], "{path}");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS, Method::HEAD] {
        let refused = ask(&server, request(method.clone(), REST)).await;
        assert!(refused.refused(405).contains(method.as_str()));
        assert_eq!(refused.header("allow"), "POST");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_json() {
    let server = server("rest:").build().unwrap();
    for path in ["/webhooks", "/webhooks/", "/webhooks/slack/webhook", "/webhook", "/favicon.ico"] {
        assert!(ask(&server, post(path, HI)).await.refused(404).contains("no channel is mounted"), "{path}");
    }
    let refused = ask(&server, post("/webhooks/rest/hook", HI)).await;
    assert!(refused.refused(404).contains("webhook ends in `/webhook`"));
    assert_eq!(refused.json()["description"], "Not Found");
}

#[tokio::test]
async fn a_request_id_is_kept_where_it_is_one() {
    let server = server("rest:").build().unwrap();
    let long = "x".repeat(128);
    for id in ["7f3a", "a-b_c.D9", &long] {
        let mut request = post(REST, "{}");
        request.headers_mut().insert("x-request-id", id.parse().unwrap());
        let answer = ask(&server, request).await;
        assert_eq!(answer.header("x-request-id"), id);
        assert_eq!(answer.json()["request_id"], id);
    }
}

#[tokio::test]
async fn a_request_id_that_is_none_is_replaced() {
    let server = server("rest:").build().unwrap();
    let long = "x".repeat(129);
    for id in ["", " ", "a b", "\"><script>", "a\tb", "%0d%0aX: y", "ünïcode", &long] {
        let mut request = post(REST, HI);
        request.headers_mut().insert("x-request-id", HeaderValue::from_bytes(id.as_bytes()).unwrap());
        let ours = ask(&server, request).await.header("x-request-id").to_owned();
        assert!(ours.len() == 16 && ours.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id:?}: {ours}");
    }
}

#[tokio::test]
async fn every_request_has_an_id_of_its_own() {
    let server = server("rest:").build().unwrap();
    let mut ids = Vec::new();
    for _ in 0..100 {
        ids.push(ask(&server, post(REST, HI)).await.header("x-request-id").to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 100);
}

#[tokio::test]
async fn a_connection_carries_many_requests() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    for _ in 0..3 {
        assert_eq!(peer.post(REST, HI).await.texts(), ["Hi"]);
        peer.post(REST, "").await.refused(400);
        peer.post("/nowhere", HI).await.refused(404);
        peer.get(REST).await.refused(405);
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    for number in 0..50 {
        let body = json!({ "sender": "ada", "message": number.to_string() }).to_string();
        peer.send_post(REST, &body).await;
    }
    for number in 0..50 {
        assert_eq!(peer.answer().await.texts(), [number.to_string()]);
    }
}

#[tokio::test]
async fn a_body_may_come_in_chunks() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    peer.send(format!("POST {REST} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")).await;
    for byte in HI.chars() {
        peer.send(format!("1;extension=\"x\"\r\n{byte}\r\n")).await;
    }
    peer.send("0\r\nTrailer: x\r\n\r\n").await;
    assert_eq!(peer.answer().await.texts(), ["Hi"]);
}

#[tokio::test]
async fn a_body_that_waits_to_be_asked_for_is_asked_for() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    let length = HI.len();
    peer.send(format!(
        "POST {REST} HTTP/1.1\r\nHost: test\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    ))
    .await;
    assert_eq!(peer.head().await.status, 100);
    peer.send(HI).await;
    assert_eq!(peer.answer().await.texts(), ["Hi"]);
}

#[tokio::test]
async fn old_http_is_spoken() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    peer.send(format!("POST {REST} HTTP/1.0\r\nContent-Length: {}\r\n\r\n{HI}", HI.len())).await;
    assert_eq!(peer.answer().await.texts(), ["Hi"]);
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let mut limits = Limits::default();
    // Some of it may be the beginning of a request.
    limits.receive = Duration::from_millis(300);
    let server = server("rest:").limits(limits).build().unwrap().start().await.unwrap();
    for bytes in [
        "\x16\x03\x01\x02\x00\x01\x00\x01",
        "hello\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n",
    ] {
        let mut peer = Peer::connect(server.address()).await;
        peer.send(bytes).await;
        let answer = peer.rest().await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{bytes:?}: {answer}");
    }
    assert_eq!(Peer::post_to(server.address(), REST, HI).await.texts(), ["Hi"], "and the server goes on");
}
