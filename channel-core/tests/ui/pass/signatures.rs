//! Receivers, lifetimes, bounds, patterns, attributes on arguments, commas.
#![deny(warnings)]

use std::sync::Arc;

use channel_core::{
    BoxError, ChannelState, CollectingOutputChannel, Json, Metadata, OnNewMessage, OutputChannel, Problem,
    Recipient, Shutdown, VerifyError, WebhookRequest,
    axum::{self, extract, http, response::IntoResponse},
    channel, health, metadata, output, start, verify, webhook,
};

#[derive(serde::Deserialize)]
pub struct Incoming {
    text: String,
    #[allow(dead_code)]
    more: Option<u8>,
}

#[channel(name = "signatures", aliases = ["a", "b",],)]
pub struct Signatures
where
    String: Send,
{
    pub word: String,
    pub numbers: [u8; 2 + 2],
}

impl Signatures
where
    String: Sync,
{
    #[webhook(POST,)]
    async fn receive<'a>(
        self: &'a Self,
        Json(Incoming { text, more: _ }): Json<Incoming>,
        mut number: Json<u8>,
        _: OnNewMessage,
        #[allow(unused_variables)] unused: Result<Json<[u8; 3]>, Problem>,
        extract::State(_): extract::State<ChannelState>,
        _headers: http::HeaderMap,
        axum::Form(_): axum::Form<Incoming>,
    ) -> Result<impl IntoResponse + use<'a>, Problem>
    where
        Self: Sized,
    {
        number.0 += 1;
        Ok(format!("{text}{number:?}{}{:?}", self.word, self.numbers))
    }

    #[webhook(GET)]
    async fn get(self: Arc<Self>, request: extract::Request) {
        let _ = request;
    }

    #[webhook(PUT)]
    #[webhook(PATCH)]
    async fn two(self: &Arc<Self>, ) -> () {}

    #[health()]
    async fn health<'a>(&'a self) -> impl IntoResponse {
        self.word.clone()
    }

    #[verify]
    #[must_use]
    async fn verify<'a, 'b>(&'a self, _request: &'b WebhookRequest) -> Result<(), VerifyError>
    where
        'b: 'a,
    {
        Ok(())
    }

    #[metadata]
    #[deprecated]
    fn metadata(self: &Signatures, request: &channel_core::WebhookRequest) -> Option<Metadata> {
        request.json().ok()
    }

    #[output]
    #[inline]
    fn output(&self, to: &Recipient) -> Option<impl OutputChannel + use<>> {
        Some(CollectingOutputChannel::new(to.id.clone()))
    }

    #[start]
    async fn start(self: Arc<Self>, shutdown: Shutdown, _: OnNewMessage) -> Result<(), BoxError> {
        shutdown.requested().await;
        Ok(())
    }
}

fn main() {}
