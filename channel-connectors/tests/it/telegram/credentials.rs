//! What is said about the credentials.

use channel_connectors::Telegram;
use channel_core::{FromSettings, Settings};
use serde_json::{Value, json};

use super::support::{channel, credentials};

fn mistakes(settings: &Value) -> String {
    Telegram::from_settings(&Settings::from_json(settings)).err().expect("these are no good").to_string()
}

#[test]
fn rasas_keys_are_known() {
    let rasas = json!({
        "access_token": "4242:s3cr3t",
        "verify": "my_bot",
        "webhook_url": "https://bot.example.com/webhooks/telegram/webhook",
    });
    assert!(Telegram::from_settings(&Settings::from_json(&rasas)).is_ok());
    let telegram = channel(&json!({
        "proxy": "http://user:password@localhost:3128",
        "api_url": "http://localhost:8081/",
        "conversation_granularity": "topic",
        "format": "MarkdownV2",
        "edits": true,
        "membership": true,
        "raw_event": true,
        "typing": true,
    }));
    assert_eq!(telegram.name(), "telegram");
    assert!(telegram.verifies());
}

#[test]
fn all_mistakes_are_told_at_once_and_no_secret() {
    let text = mistakes(&json!({ "acces_token": "4242:s3cr3t", "conversation": "nobody", "format": "bold" }));
    for part in ["`access_token`", "`verify`", "`acces_token`", "`conversation`", "`format`"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let long = "s3cr3t".repeat(50);
    for (key, value) in [
        ("proxy", "s3cr3t proxy"),
        ("api_url", "s3cr3t"),
        ("secret_token", "s3cr3t with spaces"),
        ("secret_token", &long),
    ] {
        let text = mistakes(&credentials(&json!({ key: value })));
        assert!(!text.contains("s3cr3t") && text.contains(&format!("`{key}`")), "{key}: {text}");
    }
}
