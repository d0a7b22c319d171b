//! The conformance suite, asked of the examples' channels. They are programs of their own, with names that others have too.

#[allow(dead_code, unreachable_pub, reason = "the examples have programs, too")]
#[path = "../../examples/myio/main.rs"]
mod myio;
#[allow(dead_code, unreachable_pub, reason = "the examples have programs, too")]
#[path = "../../examples/signed/main.rs"]
mod signed;

use std::time::SystemTime;

use aws_lc_rs::hmac;
use channel_testkit::{
    Answer,
    conformance::{Delivery, Said, Shown},
};
use serde_json::{Value, json};

channel_testkit::conformance!(of_myio: crate::myio::MyIo {
    credentials: |_: &str| json!({ "username": "user_name", "another_parameter": "some value" }),
    deliver: |said: &Said| Delivery::post("/webhook").json(json!({
        "sender": said.sender.to_string(), "message": said.text,
    })),
    replies: |answer: &Answer| Shown::collected(&answer.json()),
    unverified: true,
    without_ids: true,
    unlimited: true,
});

channel_testkit::conformance!(of_signed: crate::signed::Signed {
    credentials: |_: &str| json!({ "signing_secret": "s3cr3t" }),
    deliver: |said: &Said| Delivery::post("/webhook").json(json!({
        "user": said.sender.to_string(), "text": said.text,
    })),
    sign: |delivery: Delivery, _: SystemTime, credentials: &Value| {
        let secret = credentials["signing_secret"].as_str().unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &delivery.body);
        let signature = tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        delivery.header("x-signature", signature)
    },
    replies: |answer: &Answer| Shown::collected(&answer.json()),
    without_ids: true,
    unlimited: true,
});
