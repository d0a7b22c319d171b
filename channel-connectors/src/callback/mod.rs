//! `callback`: a message by HTTP, and the replies by HTTP to an address in the credentials.

mod deliver;

use std::sync::Arc;

use channel_core::{
    Json, OnNewMessage, OutputChannel, Problem, Recipient, axum::http::HeaderMap, channel, output, webhook,
};
use channel_endpoint::{Endpoint, EndpointConfig, EndpointConfigError};
use serde::Deserialize;

use crate::{incoming::Incoming, relay::Relay};
use deliver::Deliver;

const NO_SENDER: &str = "Send one";

/// The `callback` channel: every message of the bot is posted to an address, whether it answers somebody or not.
///
/// ```yaml
/// callback:
///   url: http://localhost:5034/bot
/// ```
///
/// The settings are those of an [`EndpointConfig`]. Messages come in as those of [`Rest`](crate::Rest) do, but for
/// `default_sender` and `?stream=true`; the answer is `success`, once all replies have been taken.
///
/// Each message is a post of its own, in the shape of Rasa's REST replies, and the next one waits until it was taken. What
/// fails for now (no connection, no answer in time, 408, 425, 429, 5xx) is posted up to four times within ten seconds, with
/// the same `Idempotency-Key`; then the turn fails.
///
/// Nothing tells whether a caller is who `sender` says. Set `bearer_token` for the channel where that matters.
#[channel(name = "callback", key = "callback")]
#[derive(Deserialize)]
#[serde(try_from = "EndpointConfig")]
pub struct Callback {
    #[serde(skip)]
    endpoint: Endpoint,
}

impl Callback {
    #[webhook]
    async fn receive(
        &self,
        headers: HeaderMap,
        Json(message): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<&'static str, Problem> {
        let message = message.into_user_message(&headers, None, NO_SENDER)?;
        let output = Arc::new(self.output(&message.reply_to()));
        on_new_message.handle(message, output).await?;
        Ok("success")
    }

    #[output]
    fn output(&self, _to: &Recipient) -> impl OutputChannel + use<> {
        Relay::new("callback", Deliver::to(self.endpoint.clone()))
    }
}

impl TryFrom<EndpointConfig> for Callback {
    type Error = EndpointConfigError;

    fn try_from(config: EndpointConfig) -> Result<Self, Self::Error> {
        Ok(Self { endpoint: Endpoint::new(config)? })
    }
}
