//! `#[verify]` runs before anything is parsed, and guards every way in.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{Request, StatusCode, request::Builder};
use channel_core::{
    FromSettings, Json, Secret, VerifyError, WebhookRequest, axum, channel, health, routes, verify, webhook,
};
use serde_json::json;

use super::support::Server;

static RUNS: AtomicUsize = AtomicUsize::new(0);

macro_rules! signed {
    ($name:ident, $text:literal) => {
        #[channel(name = $text)]
        struct $name {
            token: Secret,
        }

        impl $name {
            #[webhook]
            async fn receive(&self, Json(text): Json<String>) -> String {
                RUNS.fetch_add(1, Ordering::SeqCst);
                text
            }

            #[webhook(GET)]
            async fn get(&self) -> &'static str {
                RUNS.fetch_add(1, Ordering::SeqCst);
                "got"
            }

            #[routes]
            fn routes(&self) -> axum::Router {
                axum::Router::new().route("/more", axum::routing::post(async |Json(text): Json<String>| text))
            }

            #[health]
            async fn health(&self) -> &'static str {
                "fine"
            }

            fn check(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
                let shown = request.header("x-token").ok_or_else(|| VerifyError::new("no `x-token`"))?;
                let expected = format!("{}{}", self.token.expose(), request.body().len());
                if shown == expected { Ok(()) } else { Err(VerifyError::new("wrong `x-token`")) }
            }
        }
    };
}

signed!(Sync, "sync");
signed!(Async, "async");

impl Sync {
    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        self.check(request)
    }
}

impl Async {
    #[verify]
    async fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        tokio::task::yield_now().await;
        self.check(request)
    }
}

async fn guards_every_way_in<C: FromSettings>(name: &str) {
    let server = Server::of::<C>(&json!({ "token": "t" }));
    assert!(server.state.channel().verifies() && <C as FromSettings>::verifies());
    let webhook = format!("/webhooks/{name}/webhook");
    let more = format!("/webhooks/{name}/more");
    let signed = |request: Builder, length: usize| request.header("x-token", format!("t{length}"));
    let refused = async |request: Builder, body: &'static str| {
        let (status, text) = server.send(request, body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{text}");
        assert!(text.contains("the request could not be verified") && !text.contains("x-token"), "{text}");
    };
    // Not even JSON: nothing is parsed before.
    refused(Request::post(&webhook), "{").await;
    refused(signed(Request::post(&webhook), 99), "\"x\"").await;
    refused(Request::get(&webhook), "").await;
    refused(Request::post(&more), "{").await;
    assert_eq!(server.get(&format!("/webhooks/{name}/")).await, (StatusCode::OK, "fine".into()));
    let before = RUNS.load(Ordering::SeqCst);
    let answer = async |request: Builder, body: &'static str| server.send(request, body).await;
    // The length is that of the bytes as they came.
    assert_eq!(answer(signed(Request::post(&webhook), 5), " \"x\" ").await, (StatusCode::OK, "x".into()));
    assert_eq!(answer(signed(Request::get(&webhook), 0), "").await, (StatusCode::OK, "got".into()));
    assert_eq!(answer(signed(Request::post(&more), 3), "\"y\"").await, (StatusCode::OK, "y".into()));
    assert_eq!(answer(signed(Request::post(&webhook), 1), "{").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(RUNS.load(Ordering::SeqCst), before + 2);
}

#[tokio::test]
async fn every_way_in_is_verified() {
    guards_every_way_in::<Sync>("sync").await;
    guards_every_way_in::<Async>("async").await;
}

#[tokio::test]
async fn insecure_lets_everybody_in() {
    let server = Server::with::<Sync>(&json!({ "token": "t" }), true);
    assert_eq!(server.post("/webhooks/sync/webhook", &json!("x")).await.0, StatusCode::OK);
    assert_eq!(server.post("/webhooks/sync/more", &json!("x")).await.0, StatusCode::OK);
}
