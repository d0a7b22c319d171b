//! Every kind of hook, spread over several `impl` blocks, on a channel that warns of nothing.
#![deny(missing_docs, warnings)]
#![forbid(unsafe_code)]

use std::sync::Arc;

use channel_core::{
    BotMessage, BoxError, ChannelState, Json, Metadata, OnNewMessage, OutputChannel, Recipient, Registry,
    Secret, SendError, Sent, Shutdown, VerifyError, WebhookRequest, async_trait, axum, channel, health, metadata, output,
    routes, start, verify, webhook,
};

/// A channel with everything.
#[channel(name = "full", key = "full", aliases = ["old.Full"], prefix = "team/full")]
#[derive(Debug, Clone)]
#[serde(rename_all = "kebab-case")]
pub struct Full {
    token: Secret,
    #[serde(default = "port")]
    port: u16,
    #[serde(alias = "user")]
    user_name: Option<String>,
}

const fn port() -> u16 {
    443
}

impl Full {
    #[webhook]
    async fn receive(&self, Json(body): Json<Vec<String>>, raw: WebhookRequest, on_new_message: OnNewMessage) -> String {
        format!("{body:?} {raw:?} {on_new_message:?} {} {:?} {:?}", self.port, self.user_name, self.token)
    }

    #[webhook(GET)]
    async fn hello(self: Arc<Self>) -> &'static str {
        "hello"
    }

    #[health]
    async fn health(&self) -> &'static str {
        "fine"
    }
}

mod elsewhere {
    use super::*;

    impl Full {
        #[verify]
        async fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
            let shown = request.header("x-token").ok_or_else(|| VerifyError::new("no `x-token`"))?;
            if self.token.matches(shown) { Ok(()) } else { Err(VerifyError::new("wrong token")) }
        }

        #[metadata]
        fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
            request.json().ok()
        }

        #[output]
        fn output(&self, to: &Recipient) -> Option<Sink> {
            (to.id != "nobody").then_some(Sink)
        }

        #[routes]
        fn routes(self: Arc<Self>) -> axum::Router<ChannelState> {
            axum::Router::new().route("/more", axum::routing::get(async move || self.port.to_string()))
        }

        #[start]
        async fn start(&self, on_new_message: OnNewMessage, shutdown: Shutdown) -> Result<(), BoxError> {
            shutdown.requested().await;
            Err(format!("{on_new_message:?}").into())
        }
    }
}

/// Sends nowhere.
#[derive(Debug)]
pub struct Sink;

#[async_trait]
impl OutputChannel for Sink {
    fn name(&self) -> &str {
        "full"
    }

    async fn send_text(&self, _: &Recipient, _: &str, _: &BotMessage) -> Result<Sent, SendError> {
        Ok(Sent::default())
    }
}

fn main() {
    let registry = Registry::linked();
    let [full] = registry.find("Full")[..] else { panic!("not found by its path without the crate") };
    assert!(std::ptr::eq(registry.find("old.Full")[0], full));
    assert_eq!((full.name, full.prefix, full.key), ("full", "team/full", Some("full")));
    assert!((full.verifies)());
    let settings = channel_core::Settings::from_json(&serde_json::json!({ "token": "t", "user": "u" }));
    let full = (full.from_settings)(&settings).unwrap();
    assert!(full.output_channel(&Recipient::new("somebody")).is_some());
    assert!(full.output_channel(&Recipient::new("nobody")).is_none());
}
