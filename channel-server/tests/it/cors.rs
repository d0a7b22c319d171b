//! Which pages may read the answers.

use channel_server::core::axum::{body::Body, extract::Request};

use crate::support::{ask, post, server};

const REST: &str = "/webhooks/rest/webhook";
const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

fn from(origin: &str, body: &'static str) -> Request {
    let mut request = post(REST, body);
    request.headers_mut().insert("origin", origin.parse().unwrap());
    request
}

fn preflight(origin: &str) -> Request {
    Request::options(REST)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,authorization")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn without_a_word_no_page_may_read() {
    let server = server("rest:").build().unwrap();
    let answer = ask(&server, from("https://chat.example", HI)).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ""));
    ask(&server, preflight("https://chat.example")).await.refused(405);
}

#[tokio::test]
async fn a_named_origin_may_read_and_send_credentials() {
    let server = server("rest:").cors(["https://chat.example", "http://localhost:3000"]).build().unwrap();
    for origin in ["https://chat.example", "http://localhost:3000"] {
        let answer = ask(&server, from(origin, HI)).await;
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert!(answer.header("vary").contains("origin"), "{answer:?}");

        let answer = ask(&server, preflight(origin)).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, origin));
        assert!(answer.header("access-control-allow-methods").contains("POST"));
        assert_eq!(answer.header("access-control-allow-headers"), "content-type,authorization");
    }
}

#[tokio::test]
async fn other_origins_may_not() {
    let server = server("rest:").cors(["https://chat.example"]).build().unwrap();
    for origin in [
        "https://evil.example",
        "http://chat.example",
        "https://chat.example:8443",
        "https://chat.example.evil",
        "null",
    ] {
        let answer = ask(&server, from(origin, HI)).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ""), "{origin}");
        assert_eq!(
            ask(&server, preflight(origin)).await.header("access-control-allow-origin"),
            "",
            "{origin}"
        );
    }
}

#[tokio::test]
async fn for_all_means_without_credentials() {
    let server = server("rest:").cors(["*"]).build().unwrap();
    let answer = ask(&server, from("https://anywhere.example", HI)).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn refusals_can_be_read_too() {
    let server = server("rest:").cors(["https://chat.example"]).build().unwrap();
    let answer = ask(&server, from("https://chat.example", "")).await;
    answer.refused(400);
    assert_eq!(answer.header("access-control-allow-origin"), "https://chat.example");
    assert!(answer.header("access-control-expose-headers").contains("x-request-id"));
}

#[test]
fn what_is_no_origin_is_refused() {
    for origin in
        ["", "chat.example", "https://", "https://chat.example/", "ftp://chat.example", "null", "https://a b"]
    {
        let error = server("rest:").cors([origin]).build().err();
        let error = error.unwrap_or_else(|| panic!("`{origin}` was taken")).to_string();
        assert!(
            error.starts_with(&format!("`{origin}` is no origin: write scheme, host and port")),
            "{error}"
        );
    }
}
