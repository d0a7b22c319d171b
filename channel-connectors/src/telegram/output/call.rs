//! A call of the Bot API that sends something.

use channel_core::{BotMessage, Length};
use serde_json::{Map, Value};

use super::place::Place;
use crate::{markup::telegram::from_markdown, telegram::settings::Format};

/// What a caption may have, <https://core.telegram.org/bots/api#sendphoto>.
const CAPTION: Length = Length::Utf16(1_024);

/// One call.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) body: Map<String, Value>,
    /// The words without marks, and under which key they stand.
    plain: Option<(&'static str, String)>,
}

impl Call {
    /// A call with these keys.
    pub(super) fn new<const N: usize>(method: &'static str, keys: [(&str, Value); N]) -> Self {
        Self::of(method, keys.map(|(key, value)| (key.to_owned(), value)).into_iter().collect())
    }

    /// A call with this body.
    pub(super) fn of(method: &'static str, body: Map<String, Value>) -> Self {
        Self { method, body, plain: None }
    }

    /// Puts words under a key, marked as the bot marks them: in the `format` of the channel, or the `parse_mode` of the message.
    pub(super) fn words(
        mut self,
        key: &'static str,
        words: &str,
        format: Format,
        message: &BotMessage,
    ) -> Self {
        let own_mode = message.metadata.get("parse_mode").and_then(Value::as_str).map(str::to_owned);
        let (mode, written) = match (own_mode, format) {
            (Some(mode), _) => (Some(mode), words.to_owned()),
            (None, Format::Plain) => (None, words.to_owned()),
            (None, Format::Markdown) => (Some("HTML".to_owned()), from_markdown(words)),
            (None, Format::MarkdownV2) => (Some("MarkdownV2".to_owned()), words.to_owned()),
            (None, Format::Html) => (Some("HTML".to_owned()), words.to_owned()),
        };
        self.body.insert(key.to_owned(), written.as_str().into());
        if let Some(mode) = mode.filter(|_| !written.is_empty()) {
            self.body.insert("parse_mode".to_owned(), mode.into());
            self.plain = Some((key, words.to_owned()));
        } else {
            self.body.insert(key.to_owned(), words.into());
        }
        self
    }

    /// Puts words below something, which may be less than a text has.
    pub(super) fn caption(self, words: &str, format: Format) -> Self {
        self.words("caption", &CAPTION.shorten(words), format, &BotMessage::default())
    }

    /// Puts a keyboard below it.
    pub(super) fn keyboard(mut self, keyboard: Option<Value>) -> Self {
        self.body.extend(keyboard.map(|keyboard| ("reply_markup".to_owned(), keyboard)));
        self
    }

    pub(super) fn addressed(mut self, place: Place) -> Self {
        place.address(&mut self.body);
        self
    }

    /// Takes the marks out, where there are any.
    pub(super) fn without_marks(&mut self) -> bool {
        let had_mode = self.body.remove("parse_mode").is_some();
        if let Some((key, words)) = self.plain.take() {
            self.body.insert(key.to_owned(), words.into());
        }
        had_mode
    }
}
