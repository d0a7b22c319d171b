//! What was chosen, <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>.

use serde_json::Value;

use super::rich_text;

/// Where the kinds of elements have what was chosen.
const PLACES: [&str; 13] = [
    "value",
    "selected_option",
    "selected_options",
    "selected_user",
    "selected_users",
    "selected_conversation",
    "selected_conversations",
    "selected_channel",
    "selected_channels",
    "selected_date",
    "selected_time",
    "selected_date_time",
    "rich_text_value",
];

/// What was chosen, several with commas between them; empty where a choice was taken back. `None` for a button that is a link.
pub(super) fn text(action: &Value) -> Option<String> {
    let chosen: Vec<String> =
        PLACES.iter().filter_map(|place| action.get(place)).flat_map(each).filter_map(word).collect();
    let is_link = chosen.is_empty() && action.get("type").is_some_and(|kind| kind == "button");
    (!is_link).then(|| chosen.join(", "))
}

fn each(chosen: &Value) -> &[Value] {
    match chosen {
        Value::Array(all) => all,
        one => std::slice::from_ref(one),
    }
}

/// An option's value; a user, channel, date or text as it is; a time in Unix seconds.
fn word(chosen: &Value) -> Option<String> {
    match chosen {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(option) => match option.get("value") {
            Some(value) => word(value),
            None => Some(rich_text::words(Some(chosen))).filter(|text| !text.is_empty()),
        },
        _ => None,
    }
}

/// Whether somebody types what it says: what Slack calls an input.
pub(super) fn is_typed(action: &Value) -> bool {
    action.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("_input"))
}
