//! JSON in Slack's own shape.

use serde_json::{Map, Value};

use super::post::{OPEN_VIEW, POST_EPHEMERAL, POST_MESSAGE, Post, UPDATE, words};

const RESPONSE_URL: &str = "response_url";
const EPHEMERAL_USER: &str = "ephemeral_user";

/// The method that such JSON is for.
pub(super) fn method(custom: &Value) -> &'static str {
    let has = |key| custom.get(key).is_some_and(|value| !value.is_null());
    if has("view") && has("trigger_id") {
        OPEN_VIEW
    } else if has(EPHEMERAL_USER) {
        POST_EPHEMERAL
    } else if has("ts") {
        UPDATE
    } else {
        POST_MESSAGE
    }
}

/// Whether it answers what Slack waits for: an external select, a view that was submitted.
pub(super) fn is_answer(custom: &Value) -> bool {
    ["response_action", "options", "option_groups"].iter().any(|key| custom.get(key).is_some())
}

/// Where a press of a button, or a slash command, is answered without a token.
pub(super) fn response_url(custom: &Value) -> Option<&str> {
    custom.get(RESPONSE_URL)?.as_str()
}

/// What is posted there.
pub(super) fn response(custom: &Value) -> Value {
    let mut body = custom.clone();
    body.as_object_mut().and_then(|body| body.remove(RESPONSE_URL));
    body
}

/// An object is the call's body, a list its blocks. Keys that are `null` are left out.
pub(super) fn post(custom: &Value) -> Post {
    let mut body: Map<String, Value> = match custom {
        Value::Object(keys) => {
            let there = keys.iter().filter(|(_, value)| !value.is_null());
            there.map(|(key, value)| (key.clone(), value.clone())).collect()
        }
        Value::Array(_) => return Post::message([("blocks", custom.clone())]),
        Value::String(text) => return words(text),
        other => return words(&other.to_string()),
    };
    // `true` is whoever is answered.
    if let Some(Value::String(user)) = body.remove(EPHEMERAL_USER) {
        body.insert("user".to_owned(), user.into());
    }
    Post { method: method(custom), body }
}
