//! `slack`, by the Events API.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use channel_connectors::Slack;
use channel_core::axum::Json;
use channel_testkit::conformance::{Call, Delivery, Said, Shown};
use serde_json::{Value, json};

channel_testkit::conformance!(Slack {
    credentials: |api: &str| json!({
        "api_url": api,
        "slack_token": "xoxb-s3cr3t-token",
        "slack_signing_secret": "s3cr3t-signing",
    }),
    deliver: |said: &Said| event(said, &format!("U{}", said.sender)),
    sign: signed,
    own: |said: &Said| event(said, "U0BOT"),
    shown: shown,
    accepted: |_: &Call| Json(json!({ "ok": true, "ts": "1760000004.000100" })),
    refused: |_: &Call| Json(json!({ "ok": false, "error": "channel_not_found" })),
});

fn event(said: &Said, user: &str) -> Delivery {
    let text = said.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let ts = format!("1760000001.{:06}", said.id);
    Delivery::post("/webhook").json(json!({
        "team_id": "T0TEAM",
        "type": "event_callback",
        "event_id": format!("Ev{}", said.id),
        "event_time": 1_760_000_001,
        "authorizations": [{ "team_id": "T0TEAM", "user_id": "U0BOT", "is_bot": true }],
        "event": {
            "type": "message",
            "channel_type": "im",
            "channel": format!("D{}", said.sender),
            "user": user,
            "text": text,
            "ts": ts,
        },
    }))
}

fn signed(delivery: Delivery, at: SystemTime, credentials: &Value) -> Delivery {
    let at = at.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let secret = credentials["slack_signing_secret"].as_str().unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let base = [format!("v0:{at}:").as_bytes(), &delivery.body[..]].concat();
    let tag = hmac::sign(&key, &base);
    let signature = tag.as_ref().iter().fold(String::from("v0="), |text, byte| text + &format!("{byte:02x}"));
    delivery.header("x-slack-request-timestamp", at.to_string()).header("x-slack-signature", signature)
}

/// As Slack shows a message: its blocks, or else its text; then its attachments.
fn shown(call: &Call) -> Vec<Shown> {
    let body = call.json();
    let mut all = match body["blocks"].as_array() {
        Some(blocks) => shown_blocks(blocks),
        None => body["text"].as_str().map(|text| Shown::Text(unescaped(text))).into_iter().collect(),
    };
    let files = body["attachments"].as_array().into_iter().flatten();
    all.extend(files.map(|file| Shown::File(words(&file["text"]))));
    all
}

fn shown_blocks(blocks: &[Value]) -> Vec<Shown> {
    if let [one] = blocks
        && one["type"] == "image"
    {
        return vec![Shown::Image(words(&one["image_url"]))];
    }
    let sections: Vec<_> = blocks.iter().filter(|block| block["type"] == "section").collect();
    if sections.len() > 1 || sections.iter().any(|section| section["accessory"].is_object()) {
        return vec![Shown::Card(Value::from(blocks).to_string())];
    }
    let text = sections.first().map(|section| unescaped(&words(&section["text"]["text"])));
    let elements = blocks.iter().filter_map(|block| block["elements"].as_array()).flatten();
    let button = |element: &Value| (words(&element["text"]["text"]), words(&element["value"]));
    vec![Shown::Buttons(text.unwrap_or_default(), elements.map(button).collect())]
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
