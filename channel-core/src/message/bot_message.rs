//! One reply of the bot.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Metadata;
use crate::Capabilities;

/// One reply of the bot: text, and whatever else it shows.
///
/// # Examples
///
/// ```
/// use channel_core::{BotMessage, Button};
///
/// let question = BotMessage::text("Shall we go on?")
///     .with_buttons([Button::new("Yes", "/affirm"), Button::new("No", "/deny")]);
/// assert_eq!(question.buttons.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BotMessage {
    /// The words.
    pub text: Option<String>,
    /// Choices shown with the text.
    #[serde(deserialize_with = "null_is_default")]
    pub buttons: Vec<Button>,
    /// Choices that vanish once one is taken; they win over `buttons`.
    #[serde(deserialize_with = "null_is_default")]
    pub quick_replies: Vec<Button>,
    /// The address of an image.
    pub image: Option<String>,
    /// A file: its address, or the object that the platform wants.
    pub attachment: Option<Value>,
    /// Cards, one beside the other.
    #[serde(deserialize_with = "null_is_default")]
    pub elements: Vec<Element>,
    /// JSON in the platform's own shape.
    pub custom: Option<Value>,
    /// What else the response carried (`utter_action`, `id`, `button_type`, …).
    #[serde(flatten)]
    pub metadata: Metadata,
}

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// What the user reads.
    #[serde(default)]
    pub title: String,
    /// What the bot is told when it is chosen, such as `/affirm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Further keys, such as `type` or `url`.
    #[serde(flatten)]
    pub extra: Metadata,
}

/// One card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Element {
    /// The card's first line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The card's second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Choices on the card.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// Further keys, such as `image_url`.
    #[serde(flatten)]
    pub extra: Metadata,
}

impl BotMessage {
    /// What is left of it where its first parts were sent through a channel that shows this, as
    /// [`SendError::parts_sent`](crate::SendError::parts_sent) counts them.
    ///
    /// # Examples
    ///
    /// ```
    /// use channel_core::{BotMessage, Capabilities};
    ///
    /// let cat = BotMessage::text("Look:").with_image("https://example.com/cat.png");
    /// let rest = cat.without_parts(1, &Capabilities::default());
    /// assert_eq!((rest.text, rest.image), (None, cat.image));
    /// ```
    pub fn without_parts(&self, count: usize, shown_by: &Capabilities) -> Self {
        crate::output::without_parts(self, count, shown_by)
    }

    /// A reply of words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// A reply of one image.
    pub fn image(url: impl Into<String>) -> Self {
        Self { image: Some(url.into()), ..Self::default() }
    }

    /// A reply in the platform's own shape.
    pub fn custom(json: impl Into<Value>) -> Self {
        Self { custom: Some(json.into()), ..Self::default() }
    }

    /// Adds choices.
    pub fn with_buttons(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        self.buttons.extend(buttons);
        self
    }

    /// Adds choices that vanish once one is taken.
    pub fn with_quick_replies(mut self, quick_replies: impl IntoIterator<Item = Button>) -> Self {
        self.quick_replies.extend(quick_replies);
        self
    }

    /// Adds an image.
    pub fn with_image(mut self, url: impl Into<String>) -> Self {
        self.image = Some(url.into());
        self
    }

    /// Adds a file.
    pub fn with_attachment(mut self, attachment: impl Into<Value>) -> Self {
        self.attachment = Some(attachment.into());
        self
    }

    /// Adds cards.
    pub fn with_elements(mut self, elements: impl IntoIterator<Item = Element>) -> Self {
        self.elements.extend(elements);
        self
    }

    /// Adds JSON in the platform's own shape.
    pub fn with_custom(mut self, json: impl Into<Value>) -> Self {
        self.custom = Some(json.into());
        self
    }
}

impl Button {
    /// A choice with a title and the payload that choosing it sends.
    pub fn new(title: impl Into<String>, payload: impl Into<String>) -> Self {
        Self { title: title.into(), payload: Some(payload.into()), extra: Metadata::new() }
    }

    /// Adds a further key.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }
}

impl Element {
    /// A card with two lines.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>) -> Self {
        Self { title: Some(title.into()), subtitle: Some(subtitle.into()), ..Self::default() }
    }
}

impl From<&str> for BotMessage {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for BotMessage {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// Rasa writes `null` where it means "none".
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
