//! A workspace that signs what it delivers.

use std::{
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use channel_connectors::Slack;
use channel_core::{
    Arrival, BoxFuture, ChannelState, FromSettings, InputChannel, Intake, OutputChannel, Recipient, Settings,
    TurnError, UserMessage,
    axum::{
        body::{Body, to_bytes},
        extract::Request,
    },
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(super) const SECRET: &str = "s3cr3t-slack-signing";
pub(super) const TOKEN: &str = "xoxb-s3cr3t";
pub(super) const JSON: &str = "application/json";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Credentials with these keys besides the secrets.
pub(super) fn credentials(more: &Value) -> Value {
    let mut credentials = json!({ "slack_token": TOKEN, "slack_signing_secret": SECRET });
    credentials.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    credentials
}

/// The channel with these keys in its credentials.
pub(super) fn channel(more: &Value) -> Arc<dyn InputChannel> {
    let settings = Settings::from_json(&credentials(more));
    Arc::new(Slack::from_settings(&settings).expect("these are good credentials"))
}

/// What was recorded of a delivery, as Slack would have sent it.
pub(super) fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/it/slack/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).expect(name)).expect(name)
}

/// A request with this body, signed now.
pub(super) fn signed(content_type: &str, body: &str) -> Request {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    signed_at(now, SECRET, content_type, body)
}

pub(super) fn signed_at(at: u64, secret: &str, content_type: &str, body: &str) -> Request {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{at}:{body}").as_bytes());
    let signature = tag.as_ref().iter().fold(String::from("v0="), |text, byte| text + &format!("{byte:02x}"));
    Request::post("/webhook")
        .header("content-type", content_type)
        .header("x-slack-request-timestamp", at)
        .header("x-slack-signature", signature)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

pub(super) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A workspace that delivers to the channel.
pub(super) struct Workspace {
    channel: Arc<dyn InputChannel>,
    accepted: Arc<Accepted>,
}

/// Keeps what the channel hands over.
#[derive(Default)]
struct Accepted {
    messages: Mutex<Vec<UserMessage>>,
    is_full: Mutex<bool>,
}

impl Intake for Accepted {
    fn handle(&self, _: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        panic!("Slack is not to wait for a turn");
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        if *self.is_full.lock().unwrap() {
            return Box::pin(async { Err(TurnError::Busy) });
        }
        self.messages.lock().unwrap().push(arrival.message);
        Box::pin(async { Ok(()) })
    }
}

impl Workspace {
    /// One whose channel has these keys in its credentials.
    pub(super) fn with(more: &Value) -> Self {
        Self { channel: channel(more), accepted: Arc::default() }
    }

    pub(super) fn channel(&self) -> Arc<dyn InputChannel> {
        Arc::clone(&self.channel)
    }

    pub(super) fn state(&self) -> ChannelState {
        let intake: Arc<dyn Intake> = self.accepted.clone();
        ChannelState::new(self.channel(), None, false, intake)
    }

    pub(super) fn output(&self, to: &Recipient) -> Arc<dyn OutputChannel> {
        self.channel.output_channel(to).expect("it has an output")
    }

    /// The next message that was accepted, once there is one.
    pub(super) async fn accepted(&self) -> UserMessage {
        loop {
            let first = self.accepted.messages.lock().unwrap().pop();
            match first {
                Some(message) => return message,
                None => tokio::task::yield_now().await,
            }
        }
    }

    /// From now on there is no room for a message.
    pub(super) fn fill(&self) {
        *self.accepted.is_full.lock().unwrap() = true;
    }

    /// Delivers a request; the status and the body of the answer.
    pub(super) async fn deliver(&self, request: Request) -> (u16, String) {
        let router = self.channel().router().with_state(self.state());
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Delivers JSON, which has to be taken; the messages that came of it.
    pub(super) async fn event(&self, body: &Value) -> Vec<UserMessage> {
        self.taken(signed(JSON, &body.to_string())).await
    }

    /// Delivers a payload of interactivity, which has to be taken.
    pub(super) async fn interaction(&self, payload: &Value) -> Vec<UserMessage> {
        self.taken(signed(FORM, &form(&[("payload", &payload.to_string())]))).await
    }

    pub(super) async fn taken(&self, request: Request) -> Vec<UserMessage> {
        assert_eq!(self.deliver(request).await, (200, String::new()));
        std::mem::take(&mut self.accepted.messages.lock().unwrap())
    }
}

/// The one message.
pub(super) fn only(mut messages: Vec<UserMessage>) -> UserMessage {
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

/// What a message's metadata has under a key.
pub(super) fn metadata(message: &UserMessage, key: &str) -> Value {
    message.metadata.as_ref().and_then(|metadata| metadata.get(key)).cloned().unwrap_or_default()
}
