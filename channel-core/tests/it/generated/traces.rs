//! The trace that a message belongs to.

use std::collections::HashSet;

use axum::http::Request;
use channel_core::{
    CollectedMessage, Json, OnNewMessage, TurnError, UserMessage, WebhookRequest, axum, channel, webhook,
};

use super::support::{Server, none};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[channel(name = "traced")]
struct Traced;

impl Traced {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new("Hi", "me"), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }

    /// Keeps all headers of the request.
    #[webhook(PUT)]
    async fn keep(&self, request: WebhookRequest, on_new_message: OnNewMessage) -> Result<(), TurnError> {
        let message = UserMessage::new("Hi", "me").with_headers(request.headers());
        let collector = on_new_message.collector();
        on_new_message.handle(message, collector).await
    }
}

/// The message that came of a request with these headers.
async fn message(method: &str, headers: &[(&str, &str)]) -> UserMessage {
    let server = Server::of::<Traced>(&none());
    let request = Request::builder().method(method).uri("/webhooks/traced/webhook");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (status, body) = server.send(request, "").await;
    assert_eq!(status, 200, "{body}");
    server.kept.handled.lock().unwrap().remove(0).message
}

fn values<'a>(message: &'a UserMessage, name: &str) -> Vec<&'a str> {
    message.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
}

#[tokio::test]
async fn a_message_belongs_to_the_trace_of_its_request() {
    for method in ["POST", "PUT"] {
        let message =
            message(method, &[("traceparent", PARENT), ("tracestate", "a=1"), ("tracestate", "b=2")]).await;
        assert_eq!(message.trace_id(), Some(TRACE), "{method}");
        assert_eq!(values(&message, "traceparent"), [PARENT], "{method}");
        assert_eq!(values(&message, "tracestate"), ["a=1", "b=2"], "{method}");
    }
}

#[tokio::test]
async fn a_later_version_may_say_more() {
    let parent = format!("cc-{TRACE}-00f067aa0ba902b7-01-what-else");
    assert_eq!(message("POST", &[("traceparent", &parent)]).await.trace_id(), Some(TRACE));
}

#[tokio::test]
async fn without_a_trace_one_begins() {
    let mut ids = HashSet::new();
    for method in ["POST", "PUT", "POST"] {
        let message = message(method, &[("tracestate", "a=1")]).await;
        let id = message.trace_id().unwrap();
        assert_eq!(values(&message, "tracestate"), [""; 0], "it belongs to no trace");
        let [parent] = values(&message, "traceparent")[..] else { panic!("{message:?}") };
        assert!(parent.starts_with(&format!("00-{id}-")) && parent.ends_with("-01"), "{parent}");
        ids.insert(id.to_owned());
    }
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn a_malformed_trace_is_replaced() {
    let zeros = "0".repeat(32);
    for wrong in [
        String::new(),
        "00-1-2-01".to_owned(),
        format!("{PARENT}-01"),
        PARENT.to_uppercase(),
        PARENT.replacen("00", "ff", 1),
        PARENT.replacen("00", "0", 1),
        PARENT.replace(TRACE, &zeros),
        PARENT.replace("00f067aa0ba902b7", &zeros[16..]),
        PARENT.replace("4bf9", "4bg9"),
    ] {
        for method in ["POST", "PUT"] {
            let message = message(method, &[("traceparent", &wrong), ("tracestate", "a=1")]).await;
            assert_ne!(message.trace_id(), None, "{wrong}");
            assert_ne!(values(&message, "traceparent"), [&*wrong]);
            assert_eq!(values(&message, "tracestate"), [""; 0], "{wrong}");
        }
    }
    let twice = message("PUT", &[("traceparent", PARENT), ("traceparent", PARENT)]).await;
    assert_ne!(twice.trace_id(), Some(TRACE), "nobody knows which one is meant");
}
