//! `rest`: the replies are in the answer.

use channel_connectors::Rest;
use channel_testkit::{
    Answer,
    conformance::{Delivery, Said, Shown},
};
use serde_json::json;

channel_testkit::conformance!(Rest {
    credentials: |_: &str| json!({ "bearer_token": "s3cr3t-bearer" }),
    deliver: |said: &Said| Delivery::post("/webhook").json(json!({
        "message_id": said.id,
        "sender": said.sender,
        "message": said.text,
        "metadata": { "page": "/", "visits": 3 },
        "input_channel": null,
    })),
    replies: |answer: &Answer| Shown::collected(&answer.json()),
});
