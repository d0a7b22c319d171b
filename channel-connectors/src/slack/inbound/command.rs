//! Slash commands, <https://docs.slack.dev/interactivity/implementing-slash-commands>.

use channel_core::Metadata;
use serde_json::{Value, json};

use super::{Said, str_at, text_at};

/// A command as it was typed; `None` where Slack only looks whether the certificate is good (`ssl_check`).
pub(super) fn said(fields: &Value, fallback_id: Option<&str>) -> Option<Said> {
    let (command, text) = (text_at(fields, "/command")?, str_at(fields, "/text").unwrap_or_default());
    let user = text_at(fields, "/user_id")?;
    let details = json!({
        "command": command,
        "text": text,
        "trigger_id": fields.get("trigger_id"),
        "response_url": fields.get("response_url"),
    });
    Some(Said {
        text: format!("{command} {text}"),
        // The command is the app's, what follows it is typed.
        is_payload: !text.contains(['{', '@']),
        users: vec![user.clone()],
        user,
        channel: text_at(fields, "/channel_id"),
        thread: None,
        message_id: text_at(fields, "/trigger_id").or_else(|| fallback_id.map(str::to_owned)),
        more: Metadata::from_iter([("command".to_owned(), details)]),
    })
}
