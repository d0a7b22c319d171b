//! The channels of a bot's `addons/custom_channel.py`, in Rust.

use std::sync::Arc;

use channel_core::{
    CollectedMessage, CollectingOutputChannel, Json, Metadata, OnNewMessage, OutputChannel, Recipient,
    Splitting, TurnError, UserMessage, WebhookRequest, axum::http::HeaderMap, channel, metadata, output,
    webhook,
};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Value, json};

/// The documentation's first channel.
#[channel(name = "myio")]
struct MyIO {
    username: Option<String>,
    another_parameter: Option<String>,
}

/// The same with the text under `text`, as the documentation's code has it.
#[channel(name = "myiotext")]
struct MyIOTextKey;

/// The same with `get_metadata`.
#[channel(name = "myiometa")]
struct MyIOMeta;

/// Its replies are chosen as for `myio`.
#[channel(name = "myiobranded")]
struct MyIOBranded;

/// The documentation's second channel: what the bot knows goes back too.
#[channel(name = "myiostate")]
struct MyIOState;

#[derive(Deserialize)]
struct Incoming {
    #[serde(deserialize_with = "text_or_whole_number")]
    sender: String,
    message: String,
}

#[derive(Deserialize)]
struct IncomingText {
    #[serde(deserialize_with = "text_or_whole_number")]
    sender: String,
    text: String,
}

type Replies = Result<Json<Vec<CollectedMessage>>, TurnError>;

impl MyIO {
    #[webhook]
    async fn receive(&self, Json(body): Json<Incoming>, on_new_message: OnNewMessage) -> Replies {
        tracing::debug!(self.username, self.another_parameter, "received");
        answer(&on_new_message, UserMessage::payload(body.message, body.sender), "myio").await
    }
}

impl MyIOTextKey {
    #[webhook]
    async fn receive(&self, Json(body): Json<IncomingText>, on_new_message: OnNewMessage) -> Replies {
        answer(&on_new_message, UserMessage::payload(body.text, body.sender), "myiotext").await
    }
}

impl MyIOMeta {
    #[webhook]
    async fn receive(&self, Json(body): Json<Incoming>, on_new_message: OnNewMessage) -> Replies {
        answer(&on_new_message, UserMessage::payload(body.message, body.sender), "myiometa").await
    }

    #[metadata]
    fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
        metadata_of(request)
    }
}

impl MyIOBranded {
    #[webhook]
    async fn receive(&self, Json(body): Json<Incoming>, on_new_message: OnNewMessage) -> Replies {
        answer(&on_new_message, UserMessage::payload(body.message, body.sender), "myio").await
    }

    #[metadata]
    fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
        metadata_of(request)
    }

    #[output]
    fn output(&self, _to: &Recipient) -> CollectingOutputChannel {
        collector("myio")
    }
}

impl MyIOState {
    #[webhook]
    async fn receive(
        &self,
        headers: HeaderMap,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Value>, TurnError> {
        let collector = Arc::new(collector("myiostate"));
        let message = UserMessage::payload(body.message, &body.sender).with_headers(&headers);
        on_new_message.handle(message, collector.clone()).await?;
        Ok(Json(json!({
            "messages": collector.take_messages(),
            "metadata": null,
            "conversation_id": body.sender,
            "tracker_state": collector.tracker_state().as_deref(),
        })))
    }
}

async fn answer(on_new_message: &OnNewMessage, message: UserMessage, output: &str) -> Replies {
    let collector = Arc::new(collector(output));
    on_new_message.handle(message, collector.clone()).await?;
    Ok(Json(collector.take_messages()))
}

/// As in Rasa, variations of a response are chosen by its name, and every blank line begins a message.
fn collector(name: &str) -> CollectingOutputChannel {
    CollectingOutputChannel::new(name).with_splitting(Splitting::Rasa)
}

fn metadata_of(request: &WebhookRequest) -> Option<Metadata> {
    let body: Value = request.json().ok()?;
    body["metadata"].as_object().cloned()
}

/// Many systems have numbers for ids.
fn text_or_whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(id) if !id.is_empty() => Ok(id),
        Value::Number(id) if id.is_i64() || id.is_u64() => Ok(id.to_string()),
        _ => Err(D::Error::custom("expected text or a whole number")),
    }
}
