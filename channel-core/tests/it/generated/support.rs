//! A stand-in for the server.

use std::sync::{Arc, Mutex};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, request},
    response::Response,
};
use channel_core::{
    Arrival, BoxFuture, ChannelState, FromSettings, InputChannel, Intake, OnNewMessage, Settings, TurnError,
    axum,
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Keeps what arrives. A handled message is answered with its text in capitals.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) handled: Mutex<Vec<Arrival>>,
    pub(crate) accepted: Mutex<Vec<Arrival>>,
}

impl Intake for Kept {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        let refused = match &*arrival.message.text {
            "busy" => Some(TurnError::Busy),
            "stop" => Some(TurnError::ShuttingDown),
            "fail" => Some(TurnError::Failed("the database is away".into())),
            _ => None,
        };
        self.handled.lock().unwrap().push(arrival.clone());
        Box::pin(async move {
            let reply = channel_core::BotMessage::text(arrival.message.text.to_uppercase());
            match refused {
                Some(error) => Err(error),
                None => arrival
                    .output
                    .send(&arrival.message.reply_to(), &reply)
                    .await
                    .map(drop)
                    .map_err(|error| TurnError::Failed(error.into())),
            }
        })
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        self.accepted.lock().unwrap().push(arrival);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A channel below `/webhooks/<prefix>`, and what it handed over.
pub(crate) struct Server {
    pub(crate) kept: Arc<Kept>,
    pub(crate) state: ChannelState,
    router: axum::Router,
}

impl Server {
    pub(crate) fn of<C: FromSettings>(settings: &Value) -> Self {
        Self::with::<C>(settings, false)
    }

    pub(crate) fn with<C: FromSettings>(settings: &Value, insecure: bool) -> Self {
        let channel: Arc<dyn InputChannel> =
            Arc::new(C::from_settings(&Settings::from_json(settings)).unwrap());
        let kept = Arc::new(Kept::default());
        let state = ChannelState::new(Arc::clone(&channel), None, insecure, kept.clone());
        let path = format!("/webhooks/{}", channel.prefix());
        let below = channel.router().layer(axum::Extension(state.clone()));
        let router = axum::Router::new().nest_service(&path, below.with_state(state.clone()));
        Self { kept, state, router }
    }

    pub(crate) fn on_new_message(&self) -> OnNewMessage {
        OnNewMessage::new(self.state.clone())
    }

    pub(crate) async fn send(
        &self,
        request: request::Builder,
        body: impl Into<Body>,
    ) -> (StatusCode, String) {
        let response: Response =
            self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: &str) -> (StatusCode, String) {
        self.send(Request::builder().method(method).uri(path), body.to_owned()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, String) {
        self.call(Method::POST, path, &body.to_string()).await
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        self.call(Method::GET, path, "").await
    }
}

pub(crate) fn none() -> Value {
    json!({})
}
