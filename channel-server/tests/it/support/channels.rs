//! The channels of the tests, each written as an author of a connector writes it.

use std::sync::{Arc, LazyLock};

use channel_core::{
    BotMessage, ChannelState, CollectedMessage, Json, OnNewMessage, OutputChannel, Recipient, Secret,
    SendError, Sent, TurnError, UserMessage, VerifyError, WebhookRequest, async_trait,
    axum::{Router, http::StatusCode, routing::post},
    channel, output, routes, start, verify, webhook,
};
use serde::Deserialize;
use tokio::sync::broadcast;

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    message: String,
}

type Answer = Result<Json<Vec<CollectedMessage>>, TurnError>;

async fn handle(on_new_message: OnNewMessage, Json(body): Json<Incoming>) -> Answer {
    let collector = on_new_message.collector();
    on_new_message.handle(UserMessage::new(body.message, body.sender), collector.clone()).await?;
    Ok(Json(collector.take_messages()))
}

/// Anybody may write to it.
#[channel(name = "open", key = "open")]
struct Open;

impl Open {
    #[webhook]
    async fn receive(&self, body: Json<Incoming>, on_new_message: OnNewMessage) -> Answer {
        handle(on_new_message, body).await
    }

    #[routes]
    fn routes(self: Arc<Self>) -> Router<ChannelState> {
        Router::new().route("/more/{id}", post(handle))
    }
}

/// Requests show a token.
#[channel(name = "guarded", key = "guarded")]
struct Guarded {
    token: Secret,
}

impl Guarded {
    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        let shown = request.header("x-token").ok_or(VerifyError::new("no `x-token`"))?;
        assert_ne!(shown, "panic", "the check broke");
        if self.token.matches(shown) { Ok(()) } else { Err(VerifyError::new("wrong `x-token`")) }
    }

    #[webhook]
    async fn receive(&self, body: Json<Incoming>, on_new_message: OnNewMessage) -> Answer {
        handle(on_new_message, body).await
    }

    #[routes]
    fn routes(self: Arc<Self>) -> Router<ChannelState> {
        Router::new().route("/more/{id}", post(handle))
    }
}

/// Takes a batch of messages and answers them later.
#[channel(name = "platform", key = "platform")]
struct Platform;

impl Platform {
    #[webhook]
    async fn receive(
        &self,
        Json(batch): Json<Vec<Incoming>>,
        on_new_message: OnNewMessage,
    ) -> Result<StatusCode, TurnError> {
        for Incoming { sender, message } in batch {
            on_new_message.accept(UserMessage::new(message, sender)).await?;
        }
        Ok(StatusCode::ACCEPTED)
    }

    #[output]
    fn output(&self, _to: &Recipient) -> Sink {
        Sink
    }
}

/// Takes messages that it has no way to answer.
#[channel(name = "mute", key = "mute")]
struct Mute;

impl Mute {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<StatusCode, TurnError> {
        on_new_message.accept(UserMessage::new(body.message, body.sender)).await?;
        Ok(StatusCode::ACCEPTED)
    }
}

/// Breaks wherever it can.
#[channel(name = "broken", key = "broken")]
struct Broken;

#[allow(clippy::unused_async)]
impl Broken {
    #[webhook]
    async fn receive(&self) {
        panic!("the webhook broke");
    }

    #[start]
    async fn start(&self) {
        panic!("the start broke");
    }
}

/// What the platform was sent: to whom, and the text.
pub(crate) fn sent() -> broadcast::Receiver<(String, String)> {
    SENT.subscribe()
}

static SENT: LazyLock<broadcast::Sender<(String, String)>> = LazyLock::new(|| broadcast::channel(4096).0);

struct Sink;

#[async_trait]
impl OutputChannel for Sink {
    fn name(&self) -> &str {
        "platform"
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        tracing::info!(to = to.id, "a reply reached the platform");
        let _ = SENT.send((to.id.clone(), text.to_owned()));
        Ok(Sent::default())
    }
}
