//! Bodies that nobody should send, and many callers at once.

use std::sync::Arc;

use channel_core::axum::http::Method;

use super::support::{call, call_with, events, get, good, post, reason, with_bot};
use crate::support::{Peer, in_time};

const PATHS: [(&str, &str); 6] = [
    ("POST", "/conversations/ada/trigger_intent"),
    ("POST", "/conversations/ada/messages"),
    ("POST", "/conversations/ada/tracker/events"),
    ("PUT", "/conversations/ada/tracker/events"),
    ("POST", "/conversations/ada/execute"),
    ("POST", "/model/parse"),
];

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let server = with_bot("open:\n").build().unwrap();
    let deep = "[".repeat(100_000);
    for (method, path) in PATHS {
        let method: Method = method.parse().unwrap();
        for body in ["", " ", "{", "hi", "{'a': 1}", "\u{feff}{}", "NaN", &deep] {
            reason(&call(&server, method.clone(), path, body).await, 400);
        }
        for body in ["null", "3", "\"hi\"", "[[]]", "[null]"] {
            reason(&call(&server, method.clone(), path, body).await, 400);
        }
        let text = [("content-type", "text/plain")];
        reason(&call_with(&server, method, path, "", &text).await, 415);
    }
    reason(&get(&server, "/conversations/ada/story").await, 404);
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = with_bot("open:\n").build().unwrap();
    let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(2 * 1024 * 1024));
    let running = server.start().await.unwrap();
    for path in PATHS.into_iter().filter_map(|(method, path)| (method == "POST").then_some(path)) {
        Peer::post_to(running.address(), path, &body).await.refused(413);
    }
    running.stop().await;
}

#[tokio::test]
async fn queries_may_be_anything() {
    let server = with_bot("open:\n").build().unwrap();
    for query in ["&&&", "until=%FF", "x=1&x=2", "until=nan", "until=-inf", "include_events", "=", "%"] {
        assert_eq!(get(&server, &format!("/conversations/ada/tracker?{query}")).await.status, 200, "{query}");
    }
    reason(&get(&server, "/conversations/ada/tracker?until=1&until=2").await, 400);
}

#[tokio::test]
async fn writers_of_one_conversation_take_turns() {
    let server = Arc::new(with_bot("open:\n").build().unwrap());
    let writers = (0..40).map(|index| {
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            match index % 4 {
                0 => good(&post(&server, "/conversations/ada/trigger_intent", r#"{"name": "greet"}"#).await),
                1 => good(
                    &post(&server, "/conversations/ada/messages", r#"{"text": "hi", "sender": "user"}"#)
                        .await,
                ),
                2 => {
                    good(&post(&server, "/conversations/ada/tracker/events", r#"{"event": "export"}"#).await)
                }
                _ => good(&get(&server, "/conversations/ada/tracker").await),
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        in_time(writer).await.unwrap();
    }
    let events = events(&good(&get(&server, "/conversations/ada/tracker").await));
    let count = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!(
        (count("session_started"), count("user"), count("export"), count("utter_greet")),
        (1, 20, 10, 10)
    );
}
