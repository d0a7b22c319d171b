//! Anything with Telegram's secret: it is read or refused, and what comes of it are messages that can be kept.
#![no_main]

use std::cell::LazyCell;

use channel_core::axum::{body::Body, extract::Request, http::StatusCode};
use channel_fuzz::{Mounted, check_message, telegram};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

thread_local! {
    static CHANNELS: LazyCell<[Mounted; 2]> = LazyCell::new(|| {
        let everything = json!({
            "conversation_granularity": "topic",
            "edits": true,
            "membership": true,
            "raw_event": true,
        });
        [telegram::mounted(&json!({})), telegram::mounted(&everything)]
    });
}

fuzz_target!(|body: &[u8]| {
    CHANNELS.with(|channels| channels.iter().for_each(|channel| deliver(channel, body)));
});

fn deliver(channel: &Mounted, body: &[u8]) {
    let request = Request::post("/webhook")
        .header("content-type", "application/json")
        .header(telegram::HEADER, telegram::SECRET)
        .body(Body::from(body.to_owned()))
        .expect("these headers are good");
    let (status, _, messages) = channel.answer(request);
    assert!(matches!(status, StatusCode::OK | StatusCode::BAD_REQUEST), "{status}");
    assert!(status == StatusCode::OK || messages.is_empty(), "{messages:?}");
    messages.iter().for_each(check_message);
}
