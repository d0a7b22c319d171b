//! Who comes and goes, <https://core.telegram.org/bots/api#chatmemberupdated>.

use channel_core::Metadata;
use serde_json::{Value, json};

use super::{Said, str_at, there};

/// What the bot is told, as by a button.
const TEXT: &str = "/telegram_member";

/// Somebody's standing changes: the bot's own, by which a user who blocks it is known, or that of somebody else.
pub(super) fn said_by_update(update: &Value) -> Option<Said<'_>> {
    let kind = ["my_chat_member", "chat_member"].into_iter().find(|kind| there(update, kind).is_some())?;
    let change = update.get(kind)?;
    let details = json!({
        "kind": kind,
        "old_chat_member": change.get("old_chat_member"),
        "new_chat_member": change.get("new_chat_member"),
    });
    said(change, details)
}

/// The message that a group shows of it.
pub(super) fn said_by_message(message: &Value) -> Option<Said<'_>> {
    let kind =
        ["new_chat_members", "left_chat_member"].into_iter().find(|kind| there(message, kind).is_some())?;
    said(message, json!({ "kind": kind, kind: message.get(kind) }))
}

fn said(about: &Value, details: Value) -> Option<Said<'_>> {
    if str_at(about, "/chat/type") == Some("channel") {
        return None;
    }
    let more = Metadata::from_iter([("chat_member".to_owned(), details)]);
    let said = Said::by(about.get("from"), Some(about), TEXT.to_owned())?;
    Some(Said { is_payload: true, more, ..said })
}
