//! Arguments in any order, several of them readers of the body.

use axum::http::{Method, Request, StatusCode};
use channel_core::{
    Json, OnNewMessage, OutputChannel as _, Problem, WebhookRequest,
    axum::{self, body::Bytes, extract::Query},
    channel, webhook,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::support::{Server, none};

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    inner: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    number: u8,
}

#[channel(name = "arguments")]
struct Arguments;

impl Arguments {
    /// Readers of the body before, between and after the rest.
    #[webhook]
    async fn receive(
        &self,
        Json(incoming): Json<Incoming>,
        on_new_message: OnNewMessage,
        request: WebhookRequest,
        Query(query): Query<Vec<(String, String)>>,
        bytes: Bytes,
    ) -> String {
        assert_eq!(request.body(), &bytes);
        let number = incoming.inner.map_or(0, |inner| inner.number);
        let name = on_new_message.collector().name().to_owned();
        format!("{} {number} {} {query:?} {name} {}", incoming.sender, bytes.len(), request.uri())
    }

    #[webhook(PUT)]
    async fn put(&self, body: Result<Json<Incoming>, Problem>) -> String {
        body.map_or_else(|problem| problem.message().to_owned(), |Json(body)| body.sender)
    }

    #[webhook(PATCH)]
    async fn patch(&self, text: String, #[cfg(any())] never: NoSuchType, value: Json<Value>) -> String {
        format!("{text}{}", value.0)
    }
}

#[tokio::test]
async fn the_order_of_arguments_is_free() {
    let server = Server::of::<Arguments>(&none());
    let body = json!({ "sender": "me", "inner": { "number": 7 } });
    let (status, text) = server.post("/webhooks/arguments/webhook?a=b", &body).await;
    let expected =
        format!(r#"me 7 {} [("a", "b")] arguments /webhooks/arguments/webhook?a=b"#, body.to_string().len());
    assert_eq!((status, text), (StatusCode::OK, expected));
    let (_, text) = server.call(Method::PATCH, "/webhooks/arguments/webhook", "[1]").await;
    assert_eq!(text, "[1][1]");
}

#[tokio::test]
async fn a_refusal_names_the_field() {
    let server = Server::of::<Arguments>(&none());
    for (body, field, message) in [
        (json!({}), "sender", "`sender` is missing"),
        (json!({ "sender": "me", "inner": {} }), "inner.number", "`inner.number` is missing"),
        (
            json!({ "sender": "me", "inner": { "number": 256 } }),
            "inner.number",
            "`inner.number`: invalid value: integer `256`, expected u8",
        ),
        (json!({ "sender": 5 }), "sender", "`sender`: invalid type: integer `5`, expected a string"),
    ] {
        let (status, text) = server.post("/webhooks/arguments/webhook", &body).await;
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
        assert_eq!(
            (problem["field"].as_str(), problem["status"].as_u64()),
            (Some(field), Some(400)),
            "{text}"
        );
        assert!(problem["message"].as_str().unwrap().starts_with(message), "{text}");
    }
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let server = Server::of::<Arguments>(&none());
    let call = async |body: &str| server.call(Method::POST, "/webhooks/arguments/webhook", body).await;
    assert!(call("").await.1.contains("the body is empty"));
    assert!(call("{").await.1.contains("the body is not JSON"));
    assert_eq!(call("[").await.0, StatusCode::BAD_REQUEST);
    let request = Request::post("/webhooks/arguments/webhook").header("content-type", "text/plain");
    assert_eq!(server.send(request, "{}").await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, text) = server.call(Method::PUT, "/webhooks/arguments/webhook", "{}").await;
    assert_eq!((status, &*text), (StatusCode::OK, "`sender` is missing"));
}
