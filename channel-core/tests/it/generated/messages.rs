//! Messages on their way in and replies on their way out.

use std::sync::Arc;

use axum::http::StatusCode;
use channel_core::{
    BotMessage, CollectedMessage, Json, Metadata, OnNewMessage, OutputChannel, Recipient, SendError, Sent,
    TurnError, UserMessage, WebhookRequest, async_trait, axum, channel, metadata, output, webhook,
};
use serde_json::json;

use super::support::{Server, none};

#[channel(name = "chat")]
struct Chat;

impl Chat {
    #[webhook]
    async fn receive(
        &self,
        Json(text): Json<String>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new(text, "me"), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }

    #[webhook(PUT)]
    async fn accept(
        &self,
        Json(own): Json<bool>,
        on_new_message: OnNewMessage,
    ) -> Result<StatusCode, TurnError> {
        let own = own.then(|| Metadata::from_iter([("own".to_owned(), json!(true))]));
        on_new_message.accept(UserMessage::new("later", "me").with_metadata(own)).await?;
        Ok(StatusCode::ACCEPTED)
    }

    #[metadata]
    fn metadata(&self, request: &WebhookRequest) -> Metadata {
        Metadata::from_iter([
            ("agent".to_owned(), json!(request.header("user-agent"))),
            ("body".to_owned(), json!(request.body().len())),
        ])
    }

    #[output]
    fn output(&self, to: &Recipient) -> Option<Sink> {
        (to.id == "me").then_some(Sink)
    }
}

struct Sink;

#[async_trait]
impl OutputChannel for Sink {
    fn name(&self) -> &str {
        "sink"
    }

    async fn send_text(&self, _: &Recipient, _: &str, _: &BotMessage) -> Result<Sent, SendError> {
        Ok(Sent::default())
    }
}

/// Has no `#[output]`.
#[channel(name = "mute")]
struct Mute;

impl Mute {
    #[webhook]
    async fn receive(&self, on_new_message: OnNewMessage) -> Result<(), TurnError> {
        on_new_message.accept(UserMessage::new("later", "me")).await
    }
}

/// Each way to say where messages go.
macro_rules! outputs {
    ($($name:ident $text:literal $type:ty, $value:expr;)*) => {$(
        #[channel(name = $text)]
        struct $name;

        impl $name {
            #[webhook]
            async fn receive(&self) {}

            #[output]
            #[allow(clippy::unnecessary_wraps, reason = "one of them is an `Option`")]
            fn output(&self, _: &Recipient) -> $type {
                $value
            }
        }
    )*};
}

outputs! {
    Plain "plain" Sink, Sink;
    Shared "shared" Arc<Sink>, Arc::new(Sink);
    Dynamic "dynamic" Arc<dyn OutputChannel>, Arc::new(Sink);
    Perhaps "perhaps" Option<Arc<dyn OutputChannel>>, Some(Arc::new(Sink));
    Opaque "opaque" impl OutputChannel + use<>, Sink;
}

#[tokio::test]
async fn a_handled_message_is_answered() {
    let server = Server::of::<Chat>(&none());
    let (status, text) = server.post("/webhooks/chat/webhook", &json!("hi")).await;
    assert_eq!((status, &*text), (StatusCode::OK, r#"[{"recipient_id":"me","text":"HI"}]"#));
    let handled = server.kept.handled.lock().unwrap();
    assert_eq!(handled[0].message.input_channel.as_deref(), Some("chat"));
    assert_eq!(handled[0].output.name(), "chat");
}

#[tokio::test]
async fn metadata_fills_what_a_message_lacks() {
    let server = Server::of::<Chat>(&none());
    let put = async |body: &str| server.call(axum::http::Method::PUT, "/webhooks/chat/webhook", body).await.0;
    assert_eq!(put("false").await, StatusCode::ACCEPTED);
    assert_eq!(put("true ").await, StatusCode::ACCEPTED);
    let accepted = server.kept.accepted.lock().unwrap();
    let metadata: Vec<_> = accepted.iter().map(|arrival| json!(arrival.message.metadata)).collect();
    assert_eq!(metadata, [json!({ "agent": null, "body": 5 }), json!({ "own": true })]);
    assert_eq!(accepted[0].output.name(), "sink");
}

#[tokio::test]
async fn without_a_request_there_is_no_metadata() {
    let server = Server::of::<Chat>(&none());
    let on_new_message = server.on_new_message();
    on_new_message.handle(UserMessage::new("hi", "me"), on_new_message.collector()).await.unwrap();
    assert_eq!(server.kept.handled.lock().unwrap()[0].message.metadata, None);
}

#[tokio::test]
async fn errors_of_a_turn_are_responses() {
    let server = Server::of::<Chat>(&none());
    for (text, status) in [
        ("busy", StatusCode::SERVICE_UNAVAILABLE),
        ("stop", StatusCode::SERVICE_UNAVAILABLE),
        ("fail", StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let (found, body) = server.post("/webhooks/chat/webhook", &json!(text)).await;
        assert_eq!(found, status, "{body}");
        assert!(!body.contains("database"), "{body}");
    }
    let server = Server::of::<Mute>(&none());
    let (status, body) = server.post("/webhooks/mute/webhook", &none()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    assert!(server.kept.accepted.lock().unwrap().is_empty());
}

#[test]
fn every_form_of_output_is_an_output_channel() {
    fn name<C: channel_core::FromSettings>() -> String {
        let server = Server::of::<C>(&none());
        server.state.channel().output_channel(&Recipient::new("me")).unwrap().name().to_owned()
    }
    let names = [name::<Plain>(), name::<Shared>(), name::<Dynamic>(), name::<Perhaps>(), name::<Opaque>()];
    assert_eq!(names, ["sink"; 5]);
    let chat = Server::of::<Chat>(&none());
    assert!(chat.state.channel().output_channel(&Recipient::new("nobody")).is_none());
    assert_eq!(chat.on_new_message().collector().name(), "chat");
}
