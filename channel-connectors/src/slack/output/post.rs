//! The calls of the Web API that make up a message.

use serde_json::{Map, Value, json};

use super::place::Place;

pub(super) const POST_MESSAGE: &str = "chat.postMessage";
pub(super) const POST_EPHEMERAL: &str = "chat.postEphemeral";
pub(super) const UPDATE: &str = "chat.update";
pub(super) const OPEN_VIEW: &str = "views.open";

/// One call.
pub(super) struct Post {
    pub(super) method: &'static str,
    pub(super) body: Map<String, Value>,
}

impl Post {
    /// `chat.postMessage` of these keys.
    pub(super) fn message<const N: usize>(keys: [(&str, Value); N]) -> Self {
        let body = keys.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
        Self { method: POST_MESSAGE, body }
    }

    /// Says where it goes, as far as it does not say so itself.
    pub(super) fn addressed(mut self, place: &Place<'_>) -> Self {
        if self.method == OPEN_VIEW {
            return self;
        }
        self.default("channel", place.channel);
        if self.method == POST_MESSAGE {
            self.default("as_user", true);
        }
        if let Some(thread_ts) = place.thread_ts.filter(|_| self.method != UPDATE) {
            self.default("thread_ts", thread_ts);
        }
        if let Some(user) = place.user.filter(|_| self.method == POST_EPHEMERAL) {
            self.default("user", user);
        }
        self
    }

    fn default(&mut self, key: &str, value: impl Into<Value>) {
        self.body.entry(key).or_insert_with(|| value.into());
    }
}

pub(super) fn words(text: &str) -> Post {
    Post::message([("text", text.into()), ("type", "mrkdwn".into())])
}

/// Slack's attachments are objects; an address is shown as a link.
pub(super) fn attachment(attachment: &Value) -> Post {
    let attachments = match attachment {
        Value::Array(all) => all.clone(),
        Value::String(address) => vec![json!({ "fallback": address, "text": address })],
        one => vec![one.clone()],
    };
    Post::message([("attachments", attachments.into())])
}
