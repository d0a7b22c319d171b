//! Requests of anybody to `rest` and `callback`: they are answered or refused, and what comes of them are messages that can be
//! kept.
//!
//! Each input is a body, its first line also the header `Idempotency-Key`.
#![no_main]

use std::{cell::LazyCell, sync::Arc};

use channel_connectors::{Callback, Rest};
use channel_core::{
    FromSettings, Settings,
    axum::{body::Body, extract::Request, http::HeaderValue},
};
use channel_fuzz::{Mounted, Reply, check_message};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

thread_local! {
    static REST: LazyCell<Mounted> = LazyCell::new(|| mounted::<Rest>(&json!({}), Reply::Echo));
    static OPEN_REST: LazyCell<Mounted> =
        LazyCell::new(|| mounted::<Rest>(&json!({ "default_sender": "default" }), Reply::Echo));
    static CALLBACK: LazyCell<Mounted> =
        LazyCell::new(|| mounted::<Callback>(&json!({ "url": "http://localhost:5034/bot" }), Reply::Nothing));
}

fn mounted<C: FromSettings>(settings: &Value, reply: Reply) -> Mounted {
    let channel = C::from_settings(&Settings::from_json(settings));
    Mounted::new(Arc::new(channel.expect("these are good credentials")), reply)
}

fuzz_target!(|body: &[u8]| {
    REST.with(|rest| post(rest, "/webhook", body));
    OPEN_REST.with(|rest| post(rest, "/webhook?stream=true", body));
    CALLBACK.with(|callback| post(callback, "/webhook", body));
});

fn post(channel: &Mounted, path: &str, body: &[u8]) {
    let line = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    for key in [None, HeaderValue::from_bytes(line).ok()] {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from(body.to_owned())).expect("these headers are good");
        let (status, answer, messages) = channel.answer(request);
        assert!(status.as_u16() == 200 || status.is_client_error(), "{status}");
        assert_eq!(messages.len(), usize::from(status.as_u16() == 200));
        messages.iter().for_each(check_message);
        if status.is_client_error() {
            let problem: Value = serde_json::from_slice(&answer).expect("a refusal is JSON");
            assert_eq!(problem["status"], status.as_u16());
        }
    }
}
