//! Interactivity, <https://docs.slack.dev/interactivity/handling-user-interaction>.

use channel_core::Metadata;
use serde_json::{Value, json};

use super::{Said, action, str_at, text_at};

/// The most actions of one payload that are heard. Slack sends one; a block holds so many.
const ACTIONS: usize = 25;

/// What somebody pressed, chose or submitted. `fallback_id` is the id of a payload without `trigger_id`.
pub(super) fn said(payload: &Value, fallback_id: Option<&str>) -> Vec<Said> {
    let id = text_at(payload, "/trigger_id").or_else(|| fallback_id.map(str::to_owned));
    match str_at(payload, "/type") {
        Some("block_actions" | "interactive_message") => actions(payload, id.as_deref()),
        Some("view_submission" | "dialog_submission") => submission(payload, id).into_iter().collect(),
        Some("view_closed" | "dialog_cancellation") => closed(payload, fallback_id).into_iter().collect(),
        Some("shortcut" | "message_action") => shortcut(payload, id).into_iter().collect(),
        kind => {
            tracing::debug!(kind, "a delivery of Slack's of no known type");
            Vec::new()
        }
    }
}

fn actions(payload: &Value, id: Option<&str>) -> Vec<Said> {
    let actions = payload.get("actions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let said = |(index, action): (usize, &Value)| {
        let message_id = id.map(|id| if index == 0 { id.to_owned() } else { format!("{id}/{index}") });
        let more = json!({
            "action": action,
            "state": payload.pointer("/state/values"),
            "message_ts": str_at(payload, "/message/ts").or_else(|| str_at(payload, "/container/message_ts")),
            "trigger_id": payload.get("trigger_id"),
        });
        let said = by(payload, action::text(action)?, message_id, &more)?;
        Some(Said { is_payload: !action::is_typed(action), ..said })
    };
    actions.iter().filter(|action| action.is_object()).take(ACTIONS).enumerate().filter_map(said).collect()
}

/// What somebody typed into an external select; `None` where it has no name.
pub(super) fn suggestion(payload: &Value) -> Option<Said> {
    let action = text_at(payload, "/action_id")?;
    let more = json!({
        "suggestion": {
            "action_id": action,
            "block_id": payload.get("block_id"),
            "value": payload.get("value"),
        },
    });
    // Each letter is asked for anew, and never again.
    by(payload, action, None, &more)
}

fn view(payload: &Value) -> Value {
    let Some(view) = payload.get("view").filter(|view| view.is_object()) else {
        // A dialog, which views have taken the place of.
        return json!({
            "callback_id": payload.get("callback_id"),
            "private_metadata": payload.get("state"),
            "values": payload.get("submission"),
        });
    };
    json!({
        "id": view.get("id"),
        "callback_id": view.get("callback_id"),
        "private_metadata": view.get("private_metadata"),
        "values": view.pointer("/state/values"),
    })
}

fn closed(payload: &Value, fallback_id: Option<&str>) -> Option<Said> {
    let view = view(payload);
    let text = text_at(&view, "/callback_id").unwrap_or_default();
    by(payload, text, fallback_id.map(str::to_owned), &json!({ "view_closed": view }))
}

fn submission(payload: &Value, id: Option<String>) -> Option<Said> {
    let view = view(payload);
    let text = text_at(&view, "/callback_id").unwrap_or_default();
    let more = json!({ "view": view, "trigger_id": payload.get("trigger_id") });
    let said = by(payload, text, id, &more)?;
    // A view that asks for a channel to answer in has its answer here.
    let channel = said.channel.or_else(|| text_at(payload, "/response_urls/0/channel_id"));
    Some(Said { channel, ..said })
}

fn shortcut(payload: &Value, id: Option<String>) -> Option<Said> {
    let more = json!({
        "shortcut": {
            "type": payload.get("type"),
            "callback_id": payload.get("callback_id"),
            "message": payload.get("message"),
        },
        "trigger_id": payload.get("trigger_id"),
    });
    let text = text_at(payload, "/callback_id").unwrap_or_default();
    by(payload, text, id, &more)
}

fn by(payload: &Value, text: String, message_id: Option<String>, more: &Value) -> Option<Said> {
    let first = |pointers: &[&str]| pointers.iter().find_map(|pointer| text_at(payload, pointer));
    let user = text_at(payload, "/user/id")?;
    let more = more.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    Some(Said {
        text,
        is_payload: true,
        users: vec![user.clone()],
        user,
        channel: first(&["/channel/id", "/container/channel_id"]),
        thread: first(&[
            "/message/thread_ts",
            "/container/thread_ts",
            "/message/ts",
            "/container/message_ts",
            "/message_ts",
        ]),
        message_id,
        more: more.map(|(key, value)| (key.clone(), value.clone())).collect::<Metadata>(),
    })
}
