//! Formatted texts, <https://core.telegram.org/bots/api#formatting-options>.

mod html;
mod markdown;

use serde::{Deserialize, Serialize};

/// A part of a text that is shown in another way, or leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// As `bold`, `text_link`, `bot_command`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it begins, in UTF-16 units.
    pub offset: usize,
    /// How long it is, in UTF-16 units.
    pub length: usize,
    /// Where it leads, of a `text_link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The programming language, of a `pre`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The emoji, of a `custom_emoji`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji_id: Option<String>,
}

/// A text as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Formatted {
    pub(super) text: String,
    pub(super) entities: Vec<Entity>,
}

impl Entity {
    pub(super) fn new(kind: &str, offset: usize, length: usize) -> Self {
        let kind = kind.to_owned();
        Self { kind, offset, length, url: None, language: None, custom_emoji_id: None }
    }
}

/// The length of a text, in UTF-16 units.
pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text without its marks; where it can't be read, why.
pub(super) fn parse(text: &str, mode: &str) -> Result<Formatted, String> {
    let formatted = match mode.to_ascii_lowercase().as_str() {
        "html" => html::parse(text),
        "markdownv2" => markdown::parse(text),
        _ => return Err("unsupported parse_mode".to_owned()),
    };
    formatted.map(Formatted::tidied).map_err(|why| format!("can't parse entities: {why}"))
}

impl Formatted {
    /// Without white space around it; the outer entities before those inside.
    pub(super) fn tidied(mut self) -> Self {
        let without_end = self.text.trim_end();
        let text = without_end.trim_start();
        let cut = utf16(&without_end[..without_end.len() - text.len()]);
        let length = utf16(text);
        for entity in &mut self.entities {
            let end = (entity.offset + entity.length).saturating_sub(cut).min(length);
            entity.offset = entity.offset.saturating_sub(cut);
            entity.length = end.saturating_sub(entity.offset);
        }
        self.entities.retain(|entity| entity.length > 0);
        self.entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
        self.text = text.to_owned();
        self
    }
}
