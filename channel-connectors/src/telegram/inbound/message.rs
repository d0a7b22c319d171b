//! What somebody writes or sends, <https://core.telegram.org/bots/api#message>.

use channel_core::Metadata;
use serde_json::Value;

use super::{MEDIA, Reader, Said, membership, str_at, text};

impl Reader {
    pub(super) fn said_by_message<'a>(&self, message: &'a Value) -> Option<Said<'a>> {
        // What a channel forwards to its group by itself nobody says.
        if message.get("is_automatic_forward") == Some(&Value::Bool(true)) {
            return None;
        }
        if let Some(said) = membership::said_by_message(message) {
            return Some(said).filter(|_| self.membership);
        }
        let more = media(message);
        // An anonymous administrator, and who speaks for a channel, is a chat; `from` is then a bot of Telegram's own.
        let from = message.get("sender_chat").or_else(|| message.get("from"));
        if let Some(data) = str_at(message, "/web_app_data/data") {
            let more = Metadata::from_iter([("web_app_data".to_owned(), message["web_app_data"].clone())]);
            return Said::by(from, Some(message), data.to_owned()).map(|said| Said { more, ..said });
        }
        if let Some(words) = str_at(message, "/text") {
            let spoken = text::spoken(words, message.get("entities"), &self.name)?;
            let said = Said::by(from, Some(message), spoken.text)?;
            return Some(Said { is_payload: spoken.is_command, more, ..said });
        }
        if more.is_empty() {
            return None;
        }
        let words = str_at(message, "/caption").map(str::to_owned).or_else(|| place(message));
        Said::by(from, Some(message), words.unwrap_or_default()).map(|said| Said { more, ..said })
    }
}

/// What was sent besides words; of a photo the largest.
fn media(message: &Value) -> Metadata {
    let sent = MEDIA.into_iter().filter_map(|kind| Some((kind, message.get(kind)?)));
    sent.filter_map(|(kind, sent)| {
        Some((kind.to_owned(), if kind == "photo" { largest(sent)? } else { sent.clone() }))
    })
    .collect()
}

fn largest(sizes: &Value) -> Option<Value> {
    let side = |size: &Value, key| size.get(key).and_then(Value::as_u64).unwrap_or_default();
    let area = |size: &&Value| side(size, "width").saturating_mul(side(size, "height"));
    sizes.as_array()?.iter().max_by_key(area).cloned()
}

/// A place, as Rasa words it.
fn place(message: &Value) -> Option<String> {
    let location = message.get("location")?;
    let (longitude, latitude) = (location.get("longitude")?.as_f64()?, location.get("latitude")?.as_f64()?);
    Some(format!(r#"{{"lng":{longitude}, "lat":{latitude}}}"#))
}
