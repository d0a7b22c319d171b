//! A server with the API and a bot, and what is asked of it.

use std::sync::Arc;

use channel_agent::{Bot, DomainAgent};
use channel_core::{
    BotMessage, ChannelState, InputChannel, OutputChannel, Recipient, SendError, Sent, async_trait,
    axum::{
        Router,
        body::Body,
        extract::Request,
        http::{HeaderName, HeaderValue, Method},
    },
};
use channel_server::{ApiOptions, Builder, Server};
use serde_json::Value;

use crate::support::{Answer, ask, server};

/// A server with these channels, answered by the bot of the fixtures, with the API open to everybody.
pub(super) fn with_bot(credentials: &str) -> Builder {
    let bot = Bot::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bot")).unwrap();
    let agent = DomainAgent::builder(bot).build().unwrap();
    server(credentials).agent(agent).enable_api(ApiOptions::default())
}

/// Asks for something with a body of JSON, or without one where it is empty.
pub(super) async fn call(server: &Server, method: Method, path: &str, body: &str) -> Answer {
    call_with(server, method, path, body, &[]).await
}

pub(super) async fn call_with(
    server: &Server,
    method: Method,
    path: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    ask(server, request).await
}

pub(super) async fn get(server: &Server, path: &str) -> Answer {
    call(server, Method::GET, path, "").await
}

pub(super) async fn post(server: &Server, path: &str, body: &str) -> Answer {
    call(server, Method::POST, path, body).await
}

/// Somebody says something through a channel that answers at once.
pub(super) async fn say(server: &Server, channel: &str, sender: &str, text: &str) -> Vec<String> {
    let body = serde_json::json!({ "sender": sender, "message": text }).to_string();
    post(server, &format!("/webhooks/{channel}/webhook"), &body).await.texts()
}

/// The JSON of an answer that went well.
#[track_caller]
pub(super) fn good(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The reason of a refusal in Rasa's shape. It names its request as the header does.
#[track_caller]
pub(super) fn reason(answer: &Answer, status: u16) -> String {
    let json = answer.json();
    assert_eq!((answer.status, &json["code"]), (status, &status.into()), "{answer:?}");
    assert_eq!(
        (&json["status"], &json["request_id"]),
        (&"failure".into(), &answer.header("x-request-id").into())
    );
    for key in ["version", "message", "details", "help"] {
        assert!(json.get(key).is_some(), "no `{key}` in {answer:?}");
    }
    json["reason"].as_str().unwrap().to_owned()
}

/// The types of a conversation's events, those of actions with their names.
pub(super) fn events(tracker: &Value) -> Vec<String> {
    let name = |event: &Value| match (event["event"].as_str().unwrap(), &event["name"]) {
        ("action", Value::String(name)) => name.clone(),
        (kind, _) => kind.to_owned(),
    };
    tracker["events"].as_array().unwrap().iter().map(name).collect()
}

/// A channel whose platform takes nothing.
pub(super) struct Unreachable;

impl InputChannel for Unreachable {
    fn name(&self) -> &str {
        "unreachable"
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Router::new()
    }

    fn output_channel(&self, _to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        Some(Arc::new(Nowhere))
    }
}

/// A channel whose platform refuses everything for good.
pub(super) struct Refusing;

impl InputChannel for Refusing {
    fn name(&self) -> &str {
        "refusing"
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Router::new()
    }

    fn output_channel(&self, _to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        Some(Arc::new(Never))
    }
}

struct Never;

#[async_trait]
impl OutputChannel for Never {
    fn name(&self) -> &str {
        "refusing"
    }

    async fn send_text(&self, _: &Recipient, _: &str, _: &BotMessage) -> Result<Sent, SendError> {
        Err(SendError::permanent("the user is gone, says tok-123"))
    }
}

struct Nowhere;

#[async_trait]
impl OutputChannel for Nowhere {
    fn name(&self) -> &str {
        "unreachable"
    }

    async fn send_text(&self, _: &Recipient, _: &str, _: &BotMessage) -> Result<Sent, SendError> {
        Err(SendError::retryable("the platform's token is tok-123"))
    }
}
