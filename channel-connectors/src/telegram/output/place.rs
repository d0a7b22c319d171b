//! Where a message goes.

use channel_core::Recipient;
use serde_json::{Map, Value};

/// Where a message goes.
pub(super) struct Place {
    chat: Value,
    /// The topic of a forum.
    topic: Option<Value>,
}

impl Place {
    /// The place of a recipient. One that is known by the name of the conversation alone is where that name says.
    pub(super) fn of(to: &Recipient) -> Self {
        let topic = to.details.get("message_thread_id").cloned();
        // <chat>_<topic>; a user name may have an underscore, too.
        let named = to.id.split_once('_').filter(|_| topic.is_none());
        match named.and_then(|(chat, topic)| Some((chat.parse::<i64>().ok()?, topic.parse::<i64>().ok()?))) {
            Some((chat, topic)) => Self { chat: chat.into(), topic: Some(topic.into()) },
            None => Self { chat: chat(&to.id), topic },
        }
    }

    /// Says where it goes, as far as it does not say so itself.
    pub(super) fn address(self, body: &mut Map<String, Value>) {
        if body.contains_key("chat_id") {
            return;
        }
        body.insert("chat_id".to_owned(), self.chat);
        if let Some(topic) = self.topic {
            body.entry("message_thread_id").or_insert(topic);
        }
    }
}

/// A number, or `@name`.
fn chat(id: &str) -> Value {
    id.parse::<i64>().map_or_else(|_| id.into(), Value::from)
}
