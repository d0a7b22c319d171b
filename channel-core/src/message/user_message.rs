//! One utterance of a user.

use serde::{Deserialize, Serialize};

use super::{Metadata, Recipient, unique_id};
use crate::trace;

/// One utterance of a user: plain data, which a webhook makes and an agent answers.
///
/// # Examples
///
/// ```
/// use channel_core::UserMessage;
///
/// let message = UserMessage::new("  Hi there! ", "test_user").with_message_id("wamid.42");
/// assert_eq!(message.text, "Hi there!");
/// assert_eq!(message.message_id, "wamid.42");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserMessage {
    /// What the user said, without white space at its ends.
    pub text: String,
    /// Who said it: with the channel, the name of the conversation.
    pub sender_id: String,
    /// The platform's id of the message, or 32 random hexadecimal digits where it gives none.
    ///
    /// A platform that delivers twice sends the same id twice: pass it on wherever there is one, and the message has
    /// one turn.
    pub message_id: String,
    /// The channel that the message came through; `OnNewMessage` fills in the receiving channel's name.
    pub input_channel: Option<String>,
    /// What the front end sent along.
    pub metadata: Option<Metadata>,
    /// What was understood of the text, where somebody knows that already (`intent`, `entities`): an agent takes it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parse_data: Option<Metadata>,
    /// Whether the text may be what a button sends, such as `/affirm`, or `/inform{"size": "XL"}`. What somebody typed is not:
    /// there these are just characters, and nobody sets a slot by typing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_payload: bool,
    /// Request headers that matter later. `OnNewMessage` sees to a `traceparent`: the request's, or one of a new trace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Where replies go, if that is not the sender's id.
    pub recipient: Option<Recipient>,
}

impl UserMessage {
    /// A message of this text from this sender, with a message id of its own.
    pub fn new(text: impl AsRef<str>, sender_id: impl Into<String>) -> Self {
        Self {
            text: text.as_ref().trim().to_owned(),
            sender_id: sender_id.into(),
            message_id: unique_id(),
            input_channel: None,
            metadata: None,
            parse_data: None,
            is_payload: false,
            headers: Vec::new(),
            recipient: None,
        }
    }

    /// What a button sends, or may have sent: a text that may say outright what is meant. On a platform that tells buttons from
    /// typing, only for buttons; on one that does not, as in Rasa's REST channel, for every text.
    ///
    /// # Examples
    ///
    /// ```
    /// use channel_core::UserMessage;
    ///
    /// assert!(UserMessage::payload(r#"/inform{"size": "XL"}"#, "test_user").is_payload);
    /// assert!(!UserMessage::new(r#"/inform{"size": "XL"}"#, "test_user").is_payload);
    /// ```
    pub fn payload(text: impl AsRef<str>, sender_id: impl Into<String>) -> Self {
        Self { is_payload: true, ..Self::new(text, sender_id) }
    }

    /// Sets the platform's id of the message. An empty one is none: `OnNewMessage` replaces it by one of its own.
    pub fn with_message_id(mut self, message_id: impl Into<String>) -> Self {
        self.message_id = message_id.into();
        self
    }

    /// Sets the metadata; `None` leaves the message without any.
    pub fn with_metadata(mut self, metadata: impl Into<Option<Metadata>>) -> Self {
        self.metadata = metadata.into();
        self
    }

    /// Says what the text means, so that nobody has to understand it: `intent`, `entities`, …, as a tracker shows them.
    pub fn with_parse_data(mut self, parse_data: Metadata) -> Self {
        self.parse_data = Some(parse_data);
        self
    }

    /// Sets the name of the channel that the message is recorded under.
    pub fn with_input_channel(mut self, input_channel: impl Into<String>) -> Self {
        self.input_channel = Some(input_channel.into());
        self
    }

    /// Sets where replies go.
    pub fn with_recipient(mut self, recipient: Recipient) -> Self {
        self.recipient = Some(recipient);
        self
    }

    /// Keeps these request headers with the message; values that are not UTF-8 are left out.
    pub fn with_headers(mut self, headers: &http::HeaderMap) -> Self {
        self.headers = headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        self
    }

    /// The id of the trace that the message belongs to, from its `traceparent` (W3C Trace Context): 32 hexadecimal digits.
    ///
    /// # Examples
    ///
    /// ```
    /// use channel_core::UserMessage;
    ///
    /// let mut message = UserMessage::new("Hi!", "test_user");
    /// assert_eq!(message.trace_id(), None);
    /// let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// message.headers.push(("traceparent".to_owned(), parent.to_owned()));
    /// assert_eq!(message.trace_id(), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
    /// ```
    pub fn trace_id(&self) -> Option<&str> {
        trace::trace_id(&self.headers)
    }

    /// Where replies go: the recipient, or else the sender.
    pub fn reply_to(&self) -> Recipient {
        self.recipient.clone().unwrap_or_else(|| Recipient::new(&self.sender_id))
    }
}
