//! Anything that Slack may have signed: it is read or refused, and what comes of it are messages that can be kept.
//!
//! Each input is delivered as it is, as JSON and as a form, and as the `payload` of a form.
#![no_main]

use std::cell::LazyCell;

use channel_core::axum::{body::Body, extract::Request, http::StatusCode};
use channel_fuzz::{Mounted, check_message, slack};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

thread_local! {
    static CHANNELS: LazyCell<[Mounted; 2]> = LazyCell::new(|| {
        let everything = json!({
            "slack_channel": "C0A",
            "use_threads": true,
            "conversation_granularity": "thread",
            "edits": true,
            "raw_event": true,
            "view_responses": true,
        });
        [slack::mounted(&json!({})), slack::mounted(&everything)]
    });
}

fuzz_target!(|body: &[u8]| {
    let payload = form_urlencoded::byte_serialize(body).collect::<String>();
    let payload = format!("payload={payload}");
    CHANNELS.with(|channels| {
        for channel in channels.iter() {
            deliver(channel, "application/json", body);
            deliver(channel, "application/x-www-form-urlencoded", body);
            deliver(channel, "application/x-www-form-urlencoded", payload.as_bytes());
        }
    });
});

fn deliver(channel: &Mounted, content_type: &str, body: &[u8]) {
    let timestamp = slack::now().to_string();
    let request = Request::post("/webhook")
        .header("content-type", content_type)
        .header(slack::SIGNATURE, slack::sign(slack::SECRET, timestamp.as_bytes(), body))
        .header(slack::TIMESTAMP, timestamp)
        .body(Body::from(body.to_owned()))
        .expect("these headers are good");
    let (status, _, messages) = channel.answer(request);
    assert!(matches!(status, StatusCode::OK | StatusCode::BAD_REQUEST), "{status}");
    assert!(status == StatusCode::OK || messages.is_empty(), "{messages:?}");
    messages.iter().for_each(check_message);
}
