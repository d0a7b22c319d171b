//! A chat with the bot, and a server that keeps what comes of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use channel_connectors::Telegram;
use channel_core::{
    Arrival, BoxError, BoxFuture, ChannelState, FromSettings, InputChannel, Intake, OnNewMessage, Settings,
    Shutdown, ShutdownSignal, TurnError, UserMessage,
    axum::{
        body::{Body, to_bytes},
        extract::Request,
    },
};
use serde_json::{Value, json};
use tokio::{sync::Notify, task::JoinHandle};
use tower::ServiceExt as _;

pub(super) const TOKEN: &str = "4242:s3cr3t-t0ken";
pub(super) const SECRET: &str = "s3cr3t-header";

/// Credentials with these keys besides the required ones.
pub(super) fn credentials(more: &Value) -> Value {
    let mut credentials = json!({ "access_token": TOKEN, "verify": "my_bot", "secret_token": SECRET });
    credentials.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    credentials
}

/// The channel with these keys in its credentials.
pub(super) fn channel(more: &Value) -> Arc<dyn InputChannel> {
    let settings = Settings::from_json(&credentials(more));
    Arc::new(Telegram::from_settings(&settings).expect("these are good credentials"))
}

/// An update as Telegram sends it.
pub(super) fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/it/telegram/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).expect(name)).expect(name)
}

/// A delivery with this secret.
pub(super) fn delivery(secret: Option<&str>, body: impl Into<Body>) -> Request {
    let request = Request::post("/webhook").header("content-type", "application/json");
    let request = match secret {
        Some(secret) => request.header("x-telegram-bot-api-secret-token", secret),
        None => request,
    };
    request.body(body.into()).unwrap()
}

/// A server with the channel.
pub(super) struct Bot {
    pub(super) channel: Arc<dyn InputChannel>,
    pub(super) kept: Arc<Kept>,
}

/// What the channel hands over, and notes.
#[derive(Default)]
pub(super) struct Kept {
    messages: Mutex<Vec<UserMessage>>,
    notes: Mutex<HashMap<String, String>>,
    is_full: Mutex<bool>,
    changed: Notify,
}

impl Intake for Kept {
    fn handle(&self, _: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        panic!("Telegram is not to wait for a turn");
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        // Once only: what comes then may be kept.
        if std::mem::take(&mut *self.is_full.lock().unwrap()) {
            return Box::pin(async { Err(TurnError::Busy) });
        }
        self.messages.lock().unwrap().push(arrival.message);
        self.changed.notify_one();
        Box::pin(async { Ok(()) })
    }

    fn note(&self, _: Arc<str>, name: String) -> BoxFuture<'static, Result<Option<String>, BoxError>> {
        let note = self.notes().get(&name).cloned();
        Box::pin(async { Ok(note) })
    }

    fn set_note(&self, _: Arc<str>, name: String, text: String) -> BoxFuture<'static, Result<(), BoxError>> {
        self.notes().insert(name, text);
        self.changed.notify_one();
        Box::pin(async { Ok(()) })
    }
}

impl Kept {
    pub(super) fn notes(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.notes.lock().unwrap()
    }

    /// For the next message there is no room.
    pub(super) fn fill(&self) {
        *self.is_full.lock().unwrap() = true;
    }

    /// The messages since the last look.
    pub(super) fn messages(&self) -> Vec<UserMessage> {
        std::mem::take(&mut self.messages.lock().unwrap())
    }

    /// Waits until a note says so.
    pub(super) async fn noted(&self, name: &str, text: &str) {
        while self.notes().get(name).map(String::as_str) != Some(text) {
            self.changed.notified().await;
        }
    }
}

impl Bot {
    /// One with these keys in its credentials.
    pub(super) fn with(more: &Value) -> Self {
        Self { channel: channel(more), kept: Arc::default() }
    }

    fn state(&self) -> ChannelState {
        let intake: Arc<dyn Intake> = self.kept.clone();
        ChannelState::new(Arc::clone(&self.channel), None, false, intake)
    }

    /// Starts what runs beside the server.
    pub(super) fn start(&self) -> (ShutdownSignal, JoinHandle<Result<(), BoxError>>) {
        let (signal, shutdown): (_, Shutdown) = ShutdownSignal::new();
        let on_new_message = OnNewMessage::new(self.state());
        (signal, tokio::spawn(Arc::clone(&self.channel).start(on_new_message, shutdown)))
    }

    /// Delivers a request; the status and the body of the answer.
    pub(super) async fn deliver(&self, request: Request) -> (u16, String) {
        let router = Arc::clone(&self.channel).router().with_state(self.state());
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Delivers an update, which has to be taken; the messages that came of it.
    pub(super) async fn update(&self, update: &Value) -> Vec<UserMessage> {
        let answer = self.deliver(delivery(Some(SECRET), update.to_string())).await;
        assert_eq!(answer, (200, "success".to_owned()), "{update}");
        self.kept.messages()
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
