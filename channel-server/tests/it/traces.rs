//! One trace from a request to the replies.

use channel_core::{UserMessage, axum::http::HeaderValue};

use crate::support::{ask, in_time, logged, post, sent, server};

/// The answer's status to a message with this `traceparent`.
async fn said(server: &channel_server::Server, path: &str, body: &'static str, parent: &'static str) -> u16 {
    let mut request = post(path, body);
    request.headers_mut().insert("traceparent", HeaderValue::from_static(parent));
    ask(server, request).await.status
}

/// What was logged with this text, each line with the trace and the span.
#[track_caller]
fn is_traced(text: &str, span: &str, trace: &str) {
    let lines = logged(text);
    assert!(!lines.is_empty(), "nothing is logged of {text}");
    for line in lines {
        assert!(
            line.contains(&format!("{span}{{")) && line.contains(&format!("trace_id=\"{trace}\"")),
            "{line}"
        );
    }
}

#[tokio::test]
async fn what_an_agent_logs_carries_the_trace() {
    let agent = |message: UserMessage| async move {
        tracing::info!("the agent thinks of {}", message.text);
        "done"
    };
    let server = server("open:\n").agent(agent).build().unwrap();
    let body = r#"{"sender": "ada", "message": "a traced thought"}"#;
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_eq!(said(&server, "/webhooks/open/webhook", body, parent).await, 200);
    is_traced("the agent thinks of a traced thought", "turn", "0af7651916cd43dd8448eb211c80319c");
}

#[tokio::test]
async fn a_turn_that_fails_is_logged_with_its_trace() {
    let agent = |_: UserMessage| async { Err::<(), _>("the traced string broke") };
    let server = server("open:\n").agent(agent).build().unwrap();
    let parent = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let body = r#"{"sender": "ada", "message": "Hi"}"#;
    assert_eq!(said(&server, "/webhooks/open/webhook", body, parent).await, 500);
    is_traced("the traced string broke", "turn", "1af7651916cd43dd8448eb211c80319c");
}

#[tokio::test]
async fn what_is_logged_while_a_reply_is_sent_carries_the_trace() {
    let server = server("platform:\n").build().unwrap();
    let mut sent = sent();
    let parent = "00-2af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let body = r#"[{"sender": "a traced sender", "message": "Hi"}]"#;
    assert_eq!(said(&server, "/webhooks/platform/webhook", body, parent).await, 202);
    while in_time(sent.recv()).await.unwrap().0 != "a traced sender" {}
    is_traced("a traced sender", "send", "2af7651916cd43dd8448eb211c80319c");
}

#[tokio::test]
async fn a_message_without_a_trace_begins_one() {
    let agent = |message: UserMessage| async move { message.trace_id().unwrap_or("none").to_owned() };
    let server = server("open:\n").agent(agent).build().unwrap();
    let answer = ask(&server, post("/webhooks/open/webhook", r#"{"sender": "ada", "message": "Hi"}"#)).await;
    assert_eq!(answer.texts()[0].len(), 32, "{answer:?}");
}
