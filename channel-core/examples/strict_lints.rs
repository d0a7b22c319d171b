//! A channel with every hook under the strictest lints: none fires because of the macros.
//!
//! `cargo clippy -p channel-core --example strict_lints -- -D warnings`
#![warn(
    clippy::pedantic,
    clippy::nursery,
    clippy::cargo,
    future_incompatible,
    let_underscore,
    nonstandard_style,
    unused
)]
#![warn(
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    missing_copy_implementations,
    missing_debug_implementations,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unused_lifetimes,
    unused_qualifications,
    variant_size_differences,
    clippy::absolute_paths,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![allow(clippy::cargo_common_metadata, clippy::multiple_crate_versions, reason = "the workspace's matter")]

use std::{collections::HashMap, sync::Arc};

use channel_core::{
    BoxError, ChannelState, CollectingOutputChannel, Json, Metadata, OnNewMessage, Recipient, Registry,
    Secret, Shutdown, TurnError, UserMessage, VerifyError, WebhookRequest,
    axum::{Router, response::IntoResponse, routing},
    channel, health, metadata, output, routes, start, verify, webhook,
};

/// A channel with everything.
#[channel(name = "strict", prefix = "team/strict", key = "strict", aliases = ["old"])]
#[derive(Debug, Clone)]
#[serde(rename_all = "kebab-case")]
pub struct Strict {
    token: Secret,
    #[serde(default)]
    greetings: HashMap<String, String>,
}

impl Strict {
    #[webhook]
    async fn receive(
        &self,
        Json(text): Json<String>,
        on_new_message: OnNewMessage,
        request: WebhookRequest,
    ) -> Result<impl IntoResponse + use<>, TurnError> {
        let sender = request.header("x-sender").unwrap_or_default();
        on_new_message.accept(UserMessage::new(text, sender)).await?;
        Ok("ok")
    }

    /// Greets.
    #[webhook(GET)]
    pub async fn greet(self: Arc<Self>) -> Json<HashMap<String, String>> {
        Json(self.greetings.clone())
    }

    #[health]
    async fn health(&self) -> &'static str {
        "ok"
    }

    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        let shown = request.header("x-token").unwrap_or_default();
        self.token.matches(shown).then_some(()).ok_or_else(|| VerifyError::new("wrong token"))
    }

    #[metadata]
    fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
        request.header("x-greeting").filter(|name| self.greetings.contains_key(*name))?;
        request.json().ok()
    }

    #[output]
    fn output(&self, to: &Recipient) -> Option<CollectingOutputChannel> {
        self.greetings.contains_key(&to.id).then(|| CollectingOutputChannel::new("strict"))
    }

    #[routes]
    fn routes(self: Arc<Self>) -> Router<ChannelState> {
        Router::new().route("/greetings", routing::get(async move || self.greetings.len().to_string()))
    }

    #[start]
    async fn start(&self, on_new_message: OnNewMessage, shutdown: Shutdown) -> Result<(), BoxError> {
        shutdown.requested().await;
        for greeting in self.greetings.values() {
            on_new_message.accept(UserMessage::new(greeting, "strict")).await?;
        }
        Ok(())
    }
}

fn main() {
    assert_eq!(Registry::linked().find("strict").len(), 1);
}
