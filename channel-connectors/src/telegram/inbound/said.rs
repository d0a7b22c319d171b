//! What somebody said or did, whichever way it came.

use channel_core::{Metadata, Recipient, UserMessage};
use serde_json::Value;

use super::{Reader, text_at, there};
use crate::telegram::settings::Granularity;

/// What somebody said or did, whichever way it came.
pub(super) struct Said<'a> {
    pub(super) text: String,
    /// Whether a button or a command says it.
    pub(super) is_payload: bool,
    /// Who, <https://core.telegram.org/bots/api#user>.
    pub(super) from: &'a Value,
    /// The message that was said, or whose button was pressed, or the change of a member.
    pub(super) about: Option<&'a Value>,
    /// What else there is to know.
    pub(super) more: Metadata,
}

impl<'a> Said<'a> {
    /// What a person said, and not a bot.
    pub(super) fn by(from: Option<&'a Value>, about: Option<&'a Value>, text: String) -> Option<Self> {
        let from = from.filter(|from| from.get("is_bot") != Some(&Value::Bool(true)))?;
        text_at(from, "/id")?;
        Some(Self { text, is_payload: false, from, about, more: Metadata::new() })
    }

    fn user(&self) -> String {
        text_at(self.from, "/id").unwrap_or_default()
    }

    /// Where; in private where Telegram does not say.
    fn chat(&self) -> String {
        self.about.and_then(|about| text_at(about, "/chat/id")).unwrap_or_else(|| self.user())
    }

    /// The topic of a forum. A mere reply has a thread, too, to which nothing can be sent.
    fn topic(&self) -> Option<&Value> {
        let about = self.about.filter(|about| about.get("is_topic_message") == Some(&Value::Bool(true)))?;
        about.get("message_thread_id").filter(|thread| thread.is_i64())
    }
}

impl Reader {
    pub(super) fn message(&self, said: &Said<'_>, message_id: String, update: &Value) -> UserMessage {
        let message = if said.is_payload { UserMessage::payload } else { UserMessage::new };
        message(&said.text, self.conversation(said))
            .with_message_id(message_id)
            .with_metadata(self.metadata(said, update))
            .with_recipient(recipient(said))
    }

    fn conversation(&self, said: &Said<'_>) -> String {
        match (self.granularity, said.topic()) {
            (Granularity::Sender, _) => said.user(),
            (Granularity::Topic, Some(topic)) => format!("{}_{topic}", said.chat()),
            _ => said.chat(),
        }
    }

    fn metadata(&self, said: &Said<'_>, update: &Value) -> Metadata {
        let mut metadata = Metadata::from_iter([("from".to_owned(), said.from.clone())]);
        let about = |key: &str| Some((key.to_owned(), there(said.about?, key)?.clone()));
        metadata.extend(["chat", "message_id", "message_thread_id"].into_iter().filter_map(about));
        let replied_to = said.about.and_then(|about| about.pointer("/reply_to_message/message_id"));
        metadata.extend(replied_to.map(|id| ("reply_to_message_id".to_owned(), id.clone())));
        metadata.extend(said.more.clone());
        metadata.extend(self.raw_event.then(|| ("raw_event".to_owned(), update.clone())));
        metadata
    }
}

fn recipient(said: &Said<'_>) -> Recipient {
    let mut to = Recipient::new(said.chat());
    if let Some(topic) = said.topic() {
        to.details.insert("message_thread_id".to_owned(), topic.clone());
    }
    to
}
