//! What Slack delivers, made messages.

mod action;
mod command;
mod event;
mod interaction;
mod rich_text;
mod said;
mod text;

use channel_core::{
    Problem, UserMessage, WebhookRequest,
    axum::http::{StatusCode, header::CONTENT_TYPE},
    read_json,
};
use serde_json::{Map, Value};

use super::{answers::WAITS, settings::Granularity, signature::SIGNATURE};
use said::Said;

/// A secret that all apps had before requests were signed, and the token that a step of a workflow comes with.
const SECRETS: [&str; 2] = ["token", "bot_access_token"];

/// What a request is about.
pub(super) enum Delivery {
    /// Slack asks whether this is the app, and wants this back.
    Challenge(String),
    /// People said so much; often nothing.
    Messages(Vec<UserMessage>),
    /// Slack waits for what comes of this, and goes on without it after a while.
    Question { message: Box<UserMessage>, without_answer: Option<Value> },
}

/// Reads what Slack delivers.
#[allow(clippy::struct_excessive_bools, reason = "each is a key of the credentials")]
pub(super) struct Reader {
    /// The channel that is listened to without a mention.
    pub(super) channel: Option<String>,
    pub(super) granularity: Granularity,
    pub(super) use_threads: bool,
    pub(super) edits: bool,
    pub(super) raw_event: bool,
    pub(super) view_responses: bool,
    pub(super) retry_reason_header: String,
    pub(super) retry_number_header: String,
}

impl Reader {
    /// Reads a request that Slack signed.
    pub(super) fn read(&self, request: &WebhookRequest) -> Result<Delivery, Problem> {
        self.log_retry(request);
        match media_type(request).as_str() {
            "application/json" => self.read_json(request),
            "application/x-www-form-urlencoded" => self.read_form(request),
            _ => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body has to be JSON or a form, as its `Content-Type` says",
            )),
        }
    }

    fn read_json(&self, request: &WebhookRequest) -> Result<Delivery, Problem> {
        let body = json(request.body())?;
        if let Some(challenge) = str_at(&body, "/challenge") {
            return Ok(Delivery::Challenge(challenge.to_owned()));
        }
        Ok(self.event(body))
    }

    /// Reads an envelope of Socket Mode, <https://docs.slack.dev/apis/events-api/using-socket-mode>.
    pub(super) fn read_envelope(&self, mut envelope: Value) -> Delivery {
        let number = envelope.get("retry_attempt").and_then(Value::as_u64).filter(|number| *number > 0);
        if let Some(number) = number {
            tracing::info!(number, reason = str_at(&envelope, "/retry_reason"), "Slack delivers again");
        }
        let payload = envelope.get_mut("payload").map(Value::take).unwrap_or_default();
        let id = str_at(&envelope, "/envelope_id");
        match str_at(&envelope, "/type") {
            Some("events_api") => self.event(payload),
            Some("interactive") => self.interaction(payload, id),
            Some("slash_commands") => self.command(payload, id),
            kind => {
                tracing::debug!(kind, "an envelope of Slack's of no known type");
                Delivery::Messages(Vec::new())
            }
        }
    }

    fn event(&self, body: Value) -> Delivery {
        let said = self.said_by_event(&body);
        self.delivery(said, body)
    }

    fn interaction(&self, payload: Value, fallback_id: Option<&str>) -> Delivery {
        if let Some((said, without_answer)) = self.question(&payload, fallback_id) {
            return self.asked(said, without_answer, payload);
        }
        let said = interaction::said(&payload, fallback_id);
        self.delivery(said, payload)
    }

    fn command(&self, fields: Value, fallback_id: Option<&str>) -> Delivery {
        let said = command::said(&fields, fallback_id);
        self.delivery(said, fields)
    }

    /// What Slack waits for, and what it gets where nothing comes.
    fn question(&self, payload: &Value, fallback_id: Option<&str>) -> Option<(Said, Option<Value>)> {
        match str_at(payload, "/type")? {
            "block_suggestion" => {
                Some((interaction::suggestion(payload)?, Some(serde_json::json!({ "options": [] }))))
            }
            "view_submission" if self.view_responses => {
                Some((interaction::said(payload, fallback_id).pop()?, None))
            }
            _ => None,
        }
    }

    fn asked(&self, said: Said, without_answer: Option<Value>, raw: Value) -> Delivery {
        let mut message = self.message(said, self.raw(raw).as_ref());
        let id = message.message_id.clone();
        if let Some(to) = &mut message.recipient {
            to.details.insert(WAITS.to_owned(), id.into());
        }
        Delivery::Question { message: Box::new(message), without_answer }
    }

    /// Interactivity is JSON in the field `payload`; a slash command has a field for each thing.
    fn read_form(&self, request: &WebhookRequest) -> Result<Delivery, Problem> {
        let fields: Map<String, Value> = form_urlencoded::parse(request.body())
            .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
            .collect();
        // Interactivity is delivered once, always with a `trigger_id`; what is played back has the same signature.
        let fallback_id = request.header(SIGNATURE);
        if let Some(payload) = fields.get("payload").and_then(Value::as_str) {
            return Ok(self.interaction(json(payload.as_bytes())?, fallback_id));
        }
        Ok(self.command(Value::Object(fields), fallback_id))
    }

    fn delivery(&self, said: impl IntoIterator<Item = Said>, raw: Value) -> Delivery {
        let raw = self.raw(raw);
        Delivery::Messages(said.into_iter().map(|said| self.message(said, raw.as_ref())).collect())
    }

    /// What Slack sent, where the metadata is to have it.
    fn raw(&self, mut raw: Value) -> Option<Value> {
        self.raw_event.then(|| {
            if let Some(raw) = raw.as_object_mut() {
                raw.retain(|key, _| !SECRETS.contains(&key.as_str()));
            }
            raw
        })
    }

    fn log_retry(&self, request: &WebhookRequest) {
        if let Some(number) = request.header(&self.retry_number_header) {
            let reason = request.header(&self.retry_reason_header);
            tracing::info!(number, reason, "Slack delivers again");
        }
    }
}

/// Without parameters, in lower case.
fn media_type(request: &WebhookRequest) -> String {
    let written = request.header(CONTENT_TYPE.as_str()).unwrap_or("application/json");
    written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn json(text: &[u8]) -> Result<Value, Problem> {
    read_json(text).map_err(|error| Problem::bad_request(format!("this is not JSON: {error}")))
}

/// The text at this place, where there is one. Slack adds kinds of events and changes their shapes: what is not as expected is
/// not there.
fn str_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// The same, as one's own; an empty text names nobody and nothing.
fn text_at(value: &Value, pointer: &str) -> Option<String> {
    str_at(value, pointer).filter(|text| !text.is_empty()).map(str::to_owned)
}
