//! What was recorded: exchanges with a Rasa server, in their order.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Exchange {
    /// Unique within a server.
    pub(super) id: String,
    pub(super) server: String,
    pub(super) request: Request,
    /// `None` where it was not kept.
    pub(super) response: Option<Response>,
    /// What the server asked of others meanwhile.
    #[serde(default)]
    pub(super) outbound: Vec<Outbound>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Request {
    method: String,
    pub(super) path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_gen: Option<Generated>,
    body_base64: Option<String>,
    raw: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Generated {
    prefix: String,
    repeat: String,
    count: usize,
    suffix: String,
}

#[derive(Clone, Deserialize)]
pub(super) struct Response {
    /// `None` where no answer came.
    pub(super) status: Option<u16>,
    pub(super) body: Option<String>,
    pub(super) cors: Option<BTreeMap<String, String>>,
}

/// A request to an action server, a callback or a platform.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Outbound {
    pub(crate) service: String,
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) body: String,
}

/// All of them.
pub(super) fn exchanges() -> Vec<Exchange> {
    let recorded = include_str!("../../fixtures/rasa-3.6.21.jsonl");
    recorded.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

impl Exchange {
    /// Whether it is of a platform's channel, which is replayed by itself as far as it is here.
    pub(super) fn is_of_a_platform(&self) -> bool {
        let channels = ["slack", "telegram", "facebook", "twilio"];
        channels.iter().any(|channel| self.id.contains(channel) || self.server.contains(channel))
    }

    /// Whether its answer is compared; otherwise it keeps the conversations in step.
    pub(super) fn is_compared(&self) -> bool {
        self.response.is_some() && !self.is_of_a_platform()
    }

    /// The request as it goes over the wire.
    ///
    /// What Rasa does not know as a channel it collects; here that is refused, and the conversation would fall behind.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let unknown = ["nosuch", "slack", "facebook", "twilio"].map(|name| format!("output_channel={name}"));
        let is_unknown = unknown.contains(&self.request.query) && !self.is_compared();
        self.request.bytes(if is_unknown { "output_channel=collector" } else { &self.request.query })
    }

    /// Whether it changed nothing that later exchanges could show.
    pub(super) fn can_be_left_out(&self) -> bool {
        let failed = self.response.as_ref().is_some_and(|response| response.status >= Some(400));
        self.is_of_a_platform() && (failed || self.request.path.starts_with("/webhooks/"))
    }
}

impl Outbound {
    /// What of it is the same each time.
    pub(crate) fn essence(&self) -> Value {
        if self.service == "telegram" {
            return serde_json::json!([self.service, self.path.rsplit('/').next(), fields(&self.body)]);
        }
        let mut body: Value = serde_json::from_str(&self.body).unwrap();
        if self.service == "action" {
            let body = body.as_object_mut().unwrap();
            body.retain(|key, _| key == "next_action" || key == "sender_id");
        }
        serde_json::json!([self.service, body])
    }
}

/// The fields of a call of the Bot API, which may be a form or JSON; what is JSON in a field is the same as JSON.
fn fields(body: &str) -> Value {
    if let Ok(json) = serde_json::from_str(body) {
        return json;
    }
    let fields = form_urlencoded::parse(body.as_bytes());
    let json = |value: &str| serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    fields.map(|(name, value)| (name.into_owned(), json(&value))).collect()
}

impl Request {
    pub(super) fn bytes(&self, query: &str) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return whole(raw).into_bytes();
        }
        let mark = if query.is_empty() { "" } else { "?" };
        let path = &self.path;
        let mut head =
            format!("{} {path}{mark}{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", self.method);
        let body = self.body();
        let length = body.len().to_string();
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in headers.chain([("Content-Length", length.as_str())]) {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        [head.into_bytes(), body].concat()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(super) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn with_body(&self, change: impl FnOnce(&str) -> String) -> Self {
        Self { body: self.body.as_deref().map(change), ..self.clone() }
    }

    pub(super) fn body(&self) -> Vec<u8> {
        if let Some(Generated { prefix, repeat, count, suffix }) = &self.body_gen {
            return format!("{prefix}{}{suffix}", repeat.repeat(*count)).into_bytes();
        }
        match (&self.body, &self.body_base64) {
            (Some(body), _) => body.clone().into_bytes(),
            (None, Some(body)) => BASE64_STANDARD.decode(body).unwrap(),
            (None, None) => Vec::new(),
        }
    }

    /// Whether it makes the bot wait.
    pub(super) fn is_slow(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.contains("/slow"))
    }
}

/// A raw request that was cut for the recording (`…(9050 bytes)`) gets its length back.
fn whole(raw: &str) -> String {
    let Some((start, size)) = raw.rsplit_once("...(") else { return raw.to_owned() };
    let size: usize = size.trim_end_matches(" bytes)").parse().unwrap();
    let end = "\r\n\r\n";
    format!("{start}{}{end}", "a".repeat(size - start.len() - end.len()))
}
