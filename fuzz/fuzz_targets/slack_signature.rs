//! Requests of anybody: only what was signed with the secret, and about now, is let in.
#![no_main]

use std::cell::LazyCell;

use channel_core::axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode},
};
use channel_fuzz::{Mounted, slack};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use serde_json::json;

#[derive(Arbitrary, Debug)]
struct Sent {
    timestamps: Vec<Timestamp>,
    signatures: Vec<Signature>,
    content_type: Option<Vec<u8>>,
    retry: Option<Vec<u8>>,
    body: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Timestamp {
    /// So many seconds from now.
    Off(i16),
    Any(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Signature {
    Good,
    OfAnotherSecret,
    OfAnotherBody(Vec<u8>),
    /// A good one of which one byte is another one.
    Bent(u8, u8),
    /// A good one of which only so much is there.
    Cut(u8),
    Any(Vec<u8>),
}

thread_local! {
    static CHANNEL: LazyCell<Mounted> = LazyCell::new(|| slack::mounted(&json!({})));
}

fuzz_target!(|sent: Sent| {
    let headers = headers(&sent);
    let mut request = Request::post("/webhook").body(Body::from(sent.body.clone())).expect("it is a request");
    request.headers_mut().extend(headers.clone());
    let before = is_believable(&headers, &sent.body, slack::now());
    let (status, _, messages) = CHANNEL.with(|channel| channel.answer(request));
    // The clock may have gone on.
    if before == is_believable(&headers, &sent.body, slack::now()) {
        assert_eq!(status != StatusCode::UNAUTHORIZED, before, "{status}, {headers:?}");
    }
    assert!(status != StatusCode::UNAUTHORIZED || messages.is_empty(), "{messages:?}");
    assert!(!status.is_server_error(), "{status}");
});

fn is_believable(headers: &HeaderMap, body: &[u8], now: u64) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (Some(timestamp), Some(signature)) = (text(slack::TIMESTAMP), text(slack::SIGNATURE)) else {
        return false;
    };
    let at: Option<u64> = timestamp.parse().ok();
    at.is_some_and(|at| at.abs_diff(now) <= 300)
        && signature == slack::sign(slack::SECRET, timestamp.as_bytes(), body)
}

fn headers(sent: &Sent) -> HeaderMap {
    let timestamps: Vec<_> = sent.timestamps.iter().map(Timestamp::bytes).collect();
    let signed_at = timestamps.first().map_or(&[][..], Vec::as_slice);
    let signatures: Vec<_> =
        sent.signatures.iter().map(|signature| signature.bytes(signed_at, &sent.body)).collect();
    let mut headers = HeaderMap::new();
    let mut add = |name: &'static str, value: &Vec<u8>| {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    };
    timestamps.iter().for_each(|value| add(slack::TIMESTAMP, value));
    signatures.iter().for_each(|value| add(slack::SIGNATURE, value));
    sent.content_type.iter().for_each(|value| add("content-type", value));
    sent.retry.iter().for_each(|value| add("x-slack-retry-num", value));
    headers
}

impl Timestamp {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Off(seconds) => slack::now().saturating_add_signed((*seconds).into()).to_string().into(),
            Self::Any(bytes) => bytes.clone(),
        }
    }
}

impl Signature {
    fn bytes(&self, timestamp: &[u8], body: &[u8]) -> Vec<u8> {
        let mut good = slack::sign(slack::SECRET, timestamp, body).into_bytes();
        match self {
            Self::Good => good,
            Self::OfAnotherSecret => slack::sign("another", timestamp, body).into(),
            Self::OfAnotherBody(body) => slack::sign(slack::SECRET, timestamp, body).into(),
            Self::Bent(index, byte) => {
                let index = usize::from(*index) % good.len();
                good[index] = *byte;
                good
            }
            Self::Cut(length) => {
                good.truncate((*length).into());
                good
            }
            Self::Any(bytes) => bytes.clone(),
        }
    }
}
