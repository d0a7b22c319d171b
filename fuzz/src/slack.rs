//! A workspace that signs what it delivers.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use channel_connectors::Slack;
use channel_core::{FromSettings as _, Settings};
use serde_json::{Value, json};

use crate::{Mounted, Reply};

pub const SECRET: &str = "s3cr3t-slack-signing";
pub const TIMESTAMP: &str = "x-slack-request-timestamp";
pub const SIGNATURE: &str = "x-slack-signature";

/// The channel with these keys in its credentials besides the secrets.
pub fn mounted(more: &Value) -> Mounted {
    let mut credentials = json!({ "slack_token": "xoxb-s3cr3t", "slack_signing_secret": SECRET });
    let more = more.as_object().expect("settings are a map").clone();
    credentials.as_object_mut().expect("it is a map").extend(more);
    let slack = Slack::from_settings(&Settings::from_json(&credentials));
    Mounted::new(Arc::new(slack.expect("these are good credentials")), Reply::Nothing)
}

/// What Slack shows for this body.
pub fn sign(secret: &str, timestamp: &[u8], body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, &[b"v0:", timestamp, b":", body].concat());
    tag.as_ref().iter().fold(String::from("v0="), |text, byte| text + &format!("{byte:02x}"))
}

/// The time, in seconds.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("1970 is over").as_secs()
}
