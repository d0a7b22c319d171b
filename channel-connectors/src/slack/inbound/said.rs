//! What somebody said or did, whichever way it came.

use channel_core::{Metadata, Recipient, UserMessage, unique_id};
use serde_json::{Value, json};

use super::Reader;
use crate::slack::settings::Granularity;

/// What somebody said or did, whichever way it came.
pub(super) struct Said {
    pub(super) text: String,
    /// Whether the app wrote that text and nobody typed it.
    pub(super) is_payload: bool,
    /// Who: their Slack id.
    pub(super) user: String,
    /// Where; a view and a global shortcut are nowhere.
    pub(super) channel: Option<String>,
    /// In which thread: the `ts` of its first message, which may be this one.
    pub(super) thread: Option<String>,
    /// Rasa's `users`: the bot's ids where somebody writes, their own where they press something.
    pub(super) users: Vec<String>,
    pub(super) message_id: Option<String>,
    /// What else there is to know.
    pub(super) more: Metadata,
}

impl Reader {
    pub(super) fn message(&self, said: Said, raw: Option<&Value>) -> UserMessage {
        let conversation = self.conversation(&said);
        let recipient = self.recipient(&said);
        let mut metadata = Metadata::new();
        metadata.insert("out_channel".to_owned(), json!(said.channel));
        metadata.insert("thread_id".to_owned(), json!(said.thread));
        metadata.insert("users".to_owned(), json!(said.users));
        metadata.extend(said.more);
        metadata.extend(raw.map(|raw| ("raw_event".to_owned(), raw.clone())));
        let message = if said.is_payload { UserMessage::payload } else { UserMessage::new };
        message(said.text, conversation)
            .with_message_id(said.message_id.unwrap_or_else(unique_id))
            .with_metadata(metadata)
            .with_recipient(recipient)
    }

    fn conversation(&self, Said { user, channel, thread, .. }: &Said) -> String {
        match (self.granularity, channel, thread) {
            (Granularity::Channel, Some(channel), _) => format!("{user}_{channel}"),
            (Granularity::Thread, Some(channel), Some(thread)) => format!("{user}_{channel}_{thread}"),
            _ => user.clone(),
        }
    }

    /// Slack takes a user's id for the direct messages with them.
    fn recipient(&self, Said { user, channel, thread, .. }: &Said) -> Recipient {
        let mut to = Recipient::new(channel.as_ref().unwrap_or(user));
        to.details.insert("user".to_owned(), user.as_str().into());
        if let Some(thread) = thread.as_deref().filter(|_| self.use_threads) {
            to.details.insert("thread_ts".to_owned(), thread.into());
        }
        to
    }
}
