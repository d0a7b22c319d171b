//! What Telegram delivers, made messages, <https://core.telegram.org/bots/api#update>.

mod callback;
mod membership;
mod message;
mod said;
mod text;

use channel_core::{Problem, UserMessage, read_json};
use serde_json::Value;

use super::settings::Granularity;
use said::Said;

/// The kinds of media, as Telegram calls them, and what else people send that is no text.
const MEDIA: [&str; 20] = [
    "animation",
    "audio",
    "chat_shared",
    "checklist",
    "contact",
    "dice",
    "document",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "successful_payment",
    "user_shared",
    "users_shared",
    "venue",
    "video",
    "video_note",
    "voice",
];

/// Reads what Telegram delivers.
pub(super) struct Reader {
    /// The bot's user name.
    pub(super) name: String,
    pub(super) granularity: Granularity,
    pub(super) edits: bool,
    pub(super) membership: bool,
    pub(super) raw_event: bool,
}

/// What came of an update.
#[derive(Default)]
pub(super) struct Heard {
    /// Often none, for `/restart` two.
    pub(super) messages: Vec<UserMessage>,
    /// The press that waits for an answer.
    pub(super) callback: Option<String>,
}

/// The update that a body is; Rasa takes one in a JSON string, too.
pub(super) fn update(body: &[u8]) -> Result<Value, Problem> {
    let not_json = |error| Problem::bad_request(format!("this is not JSON: {error}"));
    match read_json(body).map_err(not_json)? {
        Value::String(text) => read_json(text.as_bytes()).map_err(not_json),
        update => Ok(update),
    }
}

impl Reader {
    /// The kinds of updates that are asked for.
    pub(super) fn updates(&self) -> Vec<&'static str> {
        let mut kinds = vec!["message", "callback_query"];
        kinds.extend(self.edits.then_some("edited_message"));
        kinds.extend(self.membership.then_some(["my_chat_member", "chat_member"]).into_iter().flatten());
        kinds
    }

    /// Reads an update. What has another shape than expected, or is of no kind that is known, is nothing.
    pub(super) fn read(&self, update: &Value) -> Heard {
        self.heard(update).unwrap_or_default()
    }

    fn heard(&self, update: &Value) -> Option<Heard> {
        let id = text_at(update, "/update_id")?;
        if let Some(query) = there(update, "callback_query") {
            let said = callback::said(query);
            let messages = said.map(|said| self.message(&said, id, update)).into_iter().collect();
            return Some(Heard { messages, callback: text_at(query, "/id") });
        }
        let said = match there(update, "message") {
            Some(message) => self.said_by_message(message)?,
            None => self.said_otherwise(update)?,
        };
        let mut messages = vec![self.message(&said, id.clone(), update)];
        // As in Rasa, a conversation that begins anew is greeted.
        if said.is_payload && said.text == "/restart" {
            let start = Said { text: "/start".to_owned(), ..said };
            messages.push(self.message(&start, format!("{id}/start"), update));
        }
        Some(Heard { messages, callback: None })
    }

    fn said_otherwise<'a>(&self, update: &'a Value) -> Option<Said<'a>> {
        if let Some(message) = there(update, "edited_message").filter(|_| self.edits) {
            let mut said = self.said_by_message(message)?;
            said.more.insert("edited".to_owned(), true.into());
            return Some(said);
        }
        membership::said_by_update(update).filter(|_| self.membership)
    }
}

/// What stands under this key; what is `null` is not there.
fn there<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|value| !value.is_null())
}

/// The text at this place, where there is one. What is not as expected is not there.
fn str_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// The id at this place: a whole number, which may be negative, or text.
fn text_at(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
