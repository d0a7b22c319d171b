//! `callback`: whoever delivers waits, and the replies are posted elsewhere.

use channel_connectors::Callback;
use channel_testkit::conformance::{Call, Delivery, Said, Shown};
use serde_json::json;

channel_testkit::conformance!(Callback {
    credentials: |api: &str| json!({ "url": api, "timeout": 1, "token": "s3cr3t-query", "bearer_token": "s3cr3t-bearer" }),
    deliver: |said: &Said| Delivery::post("/webhook").json(json!({
        "message_id": said.id,
        "sender": said.sender,
        "message": said.text,
    })),
    shown: |call: &Call| Shown::collected(&call.json()),
    waits: true,
    unlimited: true,
});
