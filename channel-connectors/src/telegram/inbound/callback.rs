//! The press of an inline button, <https://core.telegram.org/bots/api#callbackquery>.

use channel_core::Metadata;
use serde_json::{Value, json};

use super::{Said, str_at};

/// What a button sends; nothing where it begins a game. Its message may be too old to be known, or not a message of the bot's.
pub(super) fn said(query: &Value) -> Option<Said<'_>> {
    let data = str_at(query, "/data")?;
    let message = query.get("message").filter(|message| message.is_object());
    let details = json!({
        "id": query.get("id"),
        "chat_instance": query.get("chat_instance"),
        "inline_message_id": query.get("inline_message_id"),
    });
    let more = Metadata::from_iter([("callback_query".to_owned(), details)]);
    Said::by(query.get("from"), message, data.to_owned()).map(|said| Said { is_payload: true, more, ..said })
}
