//! Faults on demand.

use std::time::Duration;

use channel_testkit::Fault;
use serde_json::json;

use super::support::{Office, echo};

#[tokio::test]
async fn the_bot_gets_over_faults() {
    for fault in [
        Fault::Status(503),
        Fault::RateLimited(Duration::from_secs(1)),
        Fault::Answer(200, json!({ "ok": false, "error": "internal_error" })),
    ] {
        let office = Office::with(json!({}), echo()).await;
        office.slack.fail_next_of("chat.postMessage", fault.clone());
        office.slack.say(&office.ada, &office.dm, "hello").await;
        assert_eq!(office.slack.next_reply(&office.dm).await.unwrap().text, "hello", "{fault:?}");
        let statuses: Vec<_> = office.slack.calls().iter().map(|call| call.status).collect();
        assert_eq!(statuses.len(), 2, "{fault:?}: {statuses:?}");
    }
}

#[tokio::test]
async fn a_call_may_be_left_without_an_answer() {
    for (fault, is_shown) in [(Fault::Close, false), (Fault::LoseAnswer, true), (Fault::Stall, false)] {
        let office = Office::alone().await;
        office.slack.fail_next(fault.clone());
        let request = reqwest::Client::new().post(format!("{}/chat.postMessage", office.slack.api_url()));
        let request = request.header("authorization", "Bearer xoxb-s3cr3t");
        let request = request.header("content-type", "application/json");
        let body = json!({ "channel": office.dm.id, "text": "Hi" }).to_string();
        let answer = tokio::spawn(request.body(body).send());
        office.slack.wait_until(|slack| !slack.calls().is_empty()).await.unwrap();
        if fault == Fault::Stall {
            assert!(!answer.is_finished());
        } else {
            answer.await.unwrap().unwrap_err();
        }
        assert_eq!(office.slack.transcript(&office.dm).len(), usize::from(is_shown), "{fault:?}");
        assert_eq!(office.slack.calls()[0].status, None);
    }
}
