//! What the bot's texts are written in.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Value, json};

use super::BUTTONS;
use crate::markup::slack;

/// What the bot's texts are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::slack) enum Format {
    /// Slack's own markup, as in Rasa.
    #[default]
    Mrkdwn,
    /// Markdown.
    Markdown,
}

impl Format {
    /// A text in Slack's markup.
    pub(super) fn text(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Mrkdwn => text.into(),
            Self::Markdown => slack::from_markdown(text).into(),
        }
    }

    /// A text in a block: without markup, unless the bot writes Markdown.
    pub(super) fn text_object(self, text: &str) -> Value {
        let fits = |text: &str| BUTTONS.text.is_none_or(|limit| limit.holds(text));
        match self.text(text) {
            // Markup may be longer than what it stands for.
            marked if self == Self::Markdown && fits(&marked) => json!({ "type": "mrkdwn", "text": marked }),
            _ => {
                let text = BUTTONS.text.map_or_else(|| text.to_owned(), |limit| limit.shorten(text));
                json!({ "type": "plain_text", "text": text })
            }
        }
    }
}
