//! A bot on Telegram that calls nobody.

use std::sync::Arc;

use channel_connectors::Telegram;
use channel_core::{FromSettings as _, Settings};
use serde_json::{Value, json};

use crate::{Mounted, Reply};

pub const SECRET: &str = "s3cr3t-header";
pub const HEADER: &str = "x-telegram-bot-api-secret-token";

/// The channel with these keys in its credentials besides the required ones.
pub fn mounted(more: &Value) -> Mounted {
    let mut credentials = json!({
        "access_token": "4242:s3cr3t-t0ken",
        "verify": "my_bot",
        "secret_token": SECRET,
        // Nobody listens at the port of the discard protocol.
        "api_url": "http://127.0.0.1:9",
    });
    let more = more.as_object().expect("settings are a map").clone();
    credentials.as_object_mut().expect("it is a map").extend(more);
    let telegram = Telegram::from_settings(&Settings::from_json(&credentials));
    Mounted::new(Arc::new(telegram.expect("these are good credentials")), Reply::Nothing)
}
