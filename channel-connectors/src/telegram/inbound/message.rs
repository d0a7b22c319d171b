//! What somebody writes or sends, <https://core.telegram.org/bots/api#message>.

use channel_core::Metadata;
use serde_json::Value;

use super::{MEDIA, Reader, Said, membership, str_at, text, there};

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
        let from = there(message, "sender_chat").or_else(|| there(message, "from"));
        if let Some(data) = str_at(message, "/web_app_data/data") {
            let more = Metadata::from_iter([("web_app_data".to_owned(), message["web_app_data"].clone())]);
            return Said::by(from, Some(message), data.to_owned()).map(|said| Said { more, ..said });
        }
        let words = [("text", "entities"), ("caption", "caption_entities")];
        let words = words.into_iter().find_map(|(key, marks)| Some((there(message, key)?.as_str()?, marks)));
        if let Some((words, marks)) = words {
            let spoken = text::spoken(words, there(message, marks), &self.name)?;
            let said = Said::by(from, Some(message), spoken.text)?;
            return Some(Said { is_payload: spoken.is_command, more, ..said });
        }
        if more.is_empty() {
            return None;
        }
        let place = place(message).unwrap_or_default();
        Said::by(from, Some(message), place).map(|said| Said { more, ..said })
    }
}

/// What was sent besides words; of a photo the largest.
fn media(message: &Value) -> Metadata {
    let sent = MEDIA.into_iter().filter_map(|kind| Some((kind, there(message, kind)?)));
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
    let degrees = |pointer| message.pointer(pointer).filter(|degrees| degrees.is_number());
    let (longitude, latitude) = (degrees("/location/longitude")?, degrees("/location/latitude")?);
    Some(format!(r#"{{"lng":{longitude}, "lat":{latitude}}}"#))
}
