//! `telegram`, by webhook.

use std::time::SystemTime;

use channel_connectors::Telegram;
use channel_core::axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use channel_testkit::conformance::{Call, Delivery, Said, Shown};
use serde_json::{Value, json};

channel_testkit::conformance!(Telegram {
    credentials: |api: &str| json!({
        "access_token": "123456:s3cr3t",
        "verify": "the_bot",
        "webhook_url": "https://bot.example.com/webhooks/telegram/webhook",
        "secret_token": "s3cr3t-token",
        "api_url": api,
    }),
    deliver: |said: &Said| update(said, false),
    sign: |delivery: Delivery, _: SystemTime, credentials: &Value| {
        let secret = credentials["secret_token"].as_str().unwrap();
        delivery.header("x-telegram-bot-api-secret-token", secret)
    },
    own: |said: &Said| update(said, true),
    shown: shown,
    accepted: |_: &Call| Json(json!({ "ok": true, "result": { "message_id": 1 } })),
    limited: limited,
    refused: |_: &Call| {
        let description = "Bad Request: chat not found";
        (StatusCode::BAD_REQUEST, Json(json!({ "ok": false, "error_code": 400, "description": description })))
    },
});

fn update(said: &Said, is_bot: bool) -> Delivery {
    Delivery::post("/webhook").json(json!({
        "update_id": said.id,
        "message": {
            "message_id": said.id,
            "date": 1_760_000_001,
            "from": { "id": said.sender, "is_bot": is_bot, "first_name": "Ada" },
            "chat": { "id": said.sender, "type": "private", "first_name": "Ada" },
            "text": said.text,
        },
    }))
}

fn limited(seconds: u64) -> Response {
    let refusal = json!({
        "ok": false,
        "error_code": 429,
        "description": format!("Too Many Requests: retry after {seconds}"),
        "parameters": { "retry_after": seconds },
    });
    (StatusCode::TOO_MANY_REQUESTS, Json(refusal)).into_response()
}

/// As Telegram shows a message: what it is, and the keyboard below it.
fn shown(call: &Call) -> Vec<Shown> {
    let (body, method) = (call.json(), call.uri.path().rsplit('/').next().unwrap_or_default());
    let words = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    match (method, buttons(&body["reply_markup"])) {
        ("sendMessage", None) => vec![Shown::Text(words("text"))],
        ("sendMessage", Some(buttons)) => vec![Shown::Buttons(words("text"), buttons)],
        ("sendPhoto", None) if body["caption"].is_null() => vec![Shown::Image(words("photo"))],
        ("sendPhoto", _) => vec![Shown::Card(body.to_string())],
        ("sendDocument", _) => vec![Shown::File(words("document"))],
        _ => Vec::new(),
    }
}

/// The titles of a keyboard, and what they send: those of a reply keyboard themselves.
fn buttons(markup: &Value) -> Option<Vec<(String, String)>> {
    let rows = markup.get("inline_keyboard").or_else(|| markup.get("keyboard"))?.as_array()?;
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let buttons = rows.iter().filter_map(Value::as_array).flatten();
    let button = |button: &Value| {
        (words(&button["text"]), words(button.get("callback_data").unwrap_or(&button["text"])))
    };
    Some(buttons.map(button).collect())
}
