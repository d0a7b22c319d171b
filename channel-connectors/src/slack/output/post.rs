//! The calls of the Web API that make up a message.

use channel_core::{BotMessage, Splitting, split_text};
use serde_json::{Map, Value, json};

use super::{blocks, custom, pieces::pieces, place::Place};

pub(super) const POST_MESSAGE: &str = "chat.postMessage";
pub(super) const POST_EPHEMERAL: &str = "chat.postEphemeral";
pub(super) const UPDATE: &str = "chat.update";
pub(super) const OPEN_VIEW: &str = "views.open";

/// Slack advises against longer texts, in characters.
const TEXT: usize = 4_000;

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

/// Every part of a message that is there, in the order of [`OutputChannel::send`](channel_core::OutputChannel::send).
pub(super) fn all_of(message: &BotMessage) -> Vec<Post> {
    let words = message.text.as_deref();
    let buttons = [&message.quick_replies, &message.buttons].into_iter().find(|buttons| !buttons.is_empty());
    let mut posts = match buttons {
        Some(buttons) => blocks::buttons(words, buttons),
        None => text(words.unwrap_or_default()),
    };
    posts.extend(message.custom.as_ref().filter(|custom| !is_nothing(custom)).map(custom::post));
    let image = message.image.as_deref().filter(|image| !image.is_empty());
    posts.extend(image.map(blocks::image));
    // Rasa's bot events repeat an image as the attachment.
    let file = message.attachment.as_ref().filter(|file| !is_nothing(file));
    posts.extend(file.filter(|file| image.is_none() || file.as_str() != image).map(attachment));
    posts.extend(message.elements.iter().flat_map(blocks::element));
    posts
}

fn is_nothing(value: &Value) -> bool {
    [Value::Null, false.into(), "".into(), json!([]), json!({})].contains(value)
}

/// A message for each part between blank lines, and several where it is too long for one.
pub(super) fn text(text: &str) -> Vec<Post> {
    split_text(text, Splitting::BlankLines).flat_map(|part| pieces(part, TEXT)).map(words).collect()
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
