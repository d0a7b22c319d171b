//! Requests of anybody: only what carries the secret is let in.
#![no_main]

use std::cell::LazyCell;

use channel_core::axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode},
};
use channel_fuzz::{Mounted, telegram};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use serde_json::json;

#[derive(Arbitrary, Debug)]
struct Sent {
    secrets: Vec<Shown>,
    body: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Shown {
    Good,
    /// The secret, of which only so much is there, and something behind it.
    Cut(u8, Vec<u8>),
    Any(Vec<u8>),
}

thread_local! {
    static CHANNEL: LazyCell<Mounted> = LazyCell::new(|| telegram::mounted(&json!({})));
}

fuzz_target!(|sent: Sent| {
    let mut headers = HeaderMap::new();
    for value in sent.secrets.iter().filter_map(Shown::value) {
        headers.append(telegram::HEADER, value);
    }
    let is_good = headers.get(telegram::HEADER).is_some_and(|value| value == telegram::SECRET);
    let mut request = Request::post("/webhook").body(Body::from(sent.body)).expect("it is a request");
    request.headers_mut().extend(headers);
    let (status, _, messages) = CHANNEL.with(|channel| channel.answer(request));
    assert_eq!(status != StatusCode::UNAUTHORIZED, is_good, "{status}");
    assert!(is_good || messages.is_empty(), "{messages:?}");
    assert!(!status.is_server_error(), "{status}");
});

impl Shown {
    fn value(&self) -> Option<HeaderValue> {
        let secret = telegram::SECRET.as_bytes();
        match self {
            Self::Good => HeaderValue::from_bytes(secret).ok(),
            Self::Cut(length, rest) => {
                let kept = &secret[..secret.len().min((*length).into())];
                HeaderValue::from_bytes(&[kept, rest].concat()).ok()
            }
            Self::Any(bytes) => HeaderValue::from_bytes(bytes).ok(),
        }
    }
}
