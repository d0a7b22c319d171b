//! Slots filled into responses, to the byte as Rasa does.

use std::{collections::BTreeSet, sync::LazyLock};

use channel_core::Metadata;
use regex::Regex;
use serde_json::Value;

use super::format::{FormatError, Values, format};

/// The keys of a response that slots are filled into. Cards (`elements`) are not among them.
const KEYS: [&str; 6] = ["text", "image", "custom", "buttons", "attachment", "quick_replies"];

static SLOT: LazyLock<Regex> = LazyLock::new(|| crate::pattern::fixed(r"\{([^\n{}]+?)\}"));

/// A text that Python's `str.format` refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text `{text}` can't be filled in: it has {problem}")]
pub(crate) struct InterpolationError {
    text: String,
    problem: &'static str,
}

/// Fills values into a response. Where there are none at all, Rasa leaves it as it is written.
pub(super) fn fill(message: &mut Metadata, values: Values<'_>) -> Result<(), InterpolationError> {
    if values.is_empty() {
        return Ok(());
    }
    for key in KEYS {
        if let Some(value) = message.get_mut(key) {
            fill_value(value, values)?;
        }
    }
    Ok(())
}

/// The slots that a response shows, as far as can be told.
pub(crate) fn slots_in(message: &Metadata) -> BTreeSet<String> {
    let mut slots = BTreeSet::new();
    let mut queue: Vec<&Value> = KEYS.iter().filter_map(|key| message.get(*key)).collect();
    while let Some(value) = queue.pop() {
        match value {
            Value::String(text) if !text.contains("{{") => {
                slots.extend(SLOT.captures_iter(text).map(|found| found[1].to_owned()));
            }
            Value::Array(items) => queue.extend(items),
            Value::Object(entries) => queue.extend(entries.values()),
            _ => {}
        }
    }
    slots
}

/// Texts, and those in lists and maps; never the keys of a map.
fn fill_value(value: &mut Value, values: Values<'_>) -> Result<(), InterpolationError> {
    match value {
        Value::String(text) if text.contains(['{', '}']) => *text = fill_text(text, values)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| fill_value(item, values))?,
        Value::Object(entries) => entries.values_mut().try_for_each(|entry| fill_value(entry, values))?,
        _ => {}
    }
    Ok(())
}

/// Rasa makes `{0[name]}` of `{name}` and lets Python format that. What then still has a `0[` in it was escaped.
fn fill_text(text: &str, values: Values<'_>) -> Result<String, InterpolationError> {
    let template = SLOT.replace_all(text, "{0[$1]}");
    let nothing = Metadata::new();
    let filled = format(&template, values).and_then(|filled| {
        let escaped = filled.contains("0[");
        if escaped { format(text, Values { arguments: &nothing, slots: &nothing }) } else { Ok(filled) }
    });
    match filled {
        Ok(filled) => Ok(filled),
        Err(FormatError::Unknown(name)) => {
            tracing::error!(text, name, "a text is sent as it is written: there is no slot of this name");
            Ok(text.to_owned())
        }
        Err(FormatError::Malformed(problem)) => Err(InterpolationError { text: text.to_owned(), problem }),
    }
}
