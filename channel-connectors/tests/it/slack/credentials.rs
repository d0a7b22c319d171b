//! What is said about the credentials.

use channel_connectors::Slack;
use channel_core::{FromSettings, Settings};
use serde_json::{Value, json};

use super::support::{channel, credentials};

fn mistakes(settings: &Value) -> String {
    Slack::from_settings(&Settings::from_json(settings)).err().expect("these are no good").to_string()
}

#[test]
fn rasas_keys_are_known() {
    let slack = channel(&json!({
        "slack_channel": "C0GENERAL",
        "proxy": "http://user:password@localhost:3128",
        "slack_retry_reason_header": "x-slack-retry-reason",
        "slack_retry_number_header": "x-slack-retry-num",
        "errors_ignore_retry": "http_timeout",
        "use_threads": true,
        "conversation_granularity": "thread",
    }));
    assert_eq!(slack.name(), "slack");
    assert!(slack.verifies());
}

#[test]
fn all_mistakes_are_told_at_once_and_no_secret() {
    let text = mistakes(&json!({ "slack_tokn": "xoxb-s3cr3t", "conversation": "nobody" }));
    for part in ["`slack_token`", "`slack_tokn`", "`conversation`"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for (key, value) in [("proxy", "s3cr3t proxy"), ("api_url", "s3cr3t")] {
        let text = mistakes(&credentials(&json!({ key: value })));
        assert!(!text.contains("s3cr3t") && text.contains(&format!("`{key}`")), "{key}: {text}");
    }
}

#[test]
fn deliveries_are_proved_one_way_or_the_other() {
    let text = mistakes(&json!({ "slack_token": "xoxb-s3cr3t" }));
    assert!(text.contains("`slack_signing_secret`") && text.contains("`slack_app_token`"), "{text}");
    let socket = json!({ "slack_token": "xoxb-s3cr3t", "slack_app_token": "xapp-s3cr3t" });
    assert!(Slack::from_settings(&Settings::from_json(&socket)).is_ok());
    let proxied = credentials(&json!({ "slack_app_token": "xapp-s3cr3t", "proxy": "http://localhost:3128" }));
    let text = mistakes(&proxied);
    assert!(text.contains("`proxy`") && !text.contains("s3cr3t"), "{text}");
}
