//! What Telegram refuses.

use std::time::Duration;

use channel_core::Rate;
use channel_testkit::{Fault, telegram::Fake};
use serde_json::json;

use super::support::{Account, TOKEN};

#[tokio::test]
async fn calls_are_refused_as_telegram_refuses_them() {
    let account = Account::new().await;
    let chat = account.chat.id;
    // Each of these is two UTF-16 units.
    let long = "🏟".repeat(2_049);
    for (method, body, why) in [
        ("sendMessage", json!({ "text": "x" }), "Bad Request: chat_id is empty"),
        ("sendMessage", json!({ "chat_id": 7, "text": "x" }), "Bad Request: chat not found"),
        ("sendMessage", json!({ "chat_id": chat, "text": " " }), "Bad Request: message text is empty"),
        ("sendMessage", json!({ "chat_id": chat, "text": long }), "Bad Request: message is too long"),
        (
            "sendPhoto",
            json!({ "chat_id": chat, "photo": "https://x.org/a.png", "caption": "x".repeat(1_025) }),
            "Bad Request: message caption is too long",
        ),
        (
            "sendMessage",
            json!({ "chat_id": chat, "text": "1.0", "parse_mode": "MarkdownV2" }),
            "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        (
            "sendMessage",
            json!({ "chat_id": chat, "text": "x", "reply_parameters": { "message_id": 99 } }),
            "Bad Request: message to be replied not found",
        ),
        (
            "sendChatAction",
            json!({ "chat_id": chat, "action": "dancing" }),
            "Bad Request: wrong parameter action in request",
        ),
        ("getFile", json!({ "file_id": "nothing" }), "Bad Request: invalid file_id"),
        ("dance", json!({}), "Not Found"),
    ] {
        assert_eq!(account.refusal(method, body).await, why);
    }
    let marked = format!("<b>{}</b>", "x".repeat(4_096));
    account.call("sendMessage", json!({ "chat_id": chat, "text": marked, "parse_mode": "HTML" })).await;
    assert_eq!(account.call("getMe", json!({})).await["username"], "fake_bot");
    let other = format!("{}/bot1:other/getMe", account.telegram.api_url());
    assert_eq!(reqwest::get(other).await.unwrap().status(), 401);
    assert!(!format!("{:?}", account.telegram.calls()).contains(TOKEN), "the log has no token");
}

#[tokio::test]
async fn one_message_too_many_says_when_to_come_again() {
    let telegram = Fake::builder().token(TOKEN).chat_rate(Rate::per_minute(2)).start().await.unwrap();
    let account = Account::of(telegram);
    account.say("one").await;
    account.say("two").await;
    let (status, answer) =
        account.try_call("sendMessage", json!({ "chat_id": account.chat.id, "text": "three" })).await;
    assert_eq!(status, 429);
    assert_eq!(answer["parameters"]["retry_after"], 30);
    assert_eq!(answer["description"], "Too Many Requests: retry after 30");
}

#[tokio::test]
async fn calls_fail_on_demand() {
    let account = Account::new().await;
    let body = json!({ "chat_id": account.chat.id, "text": "Hi" });
    account.telegram.fail_next_of("sendMessage", Fault::RateLimited(Duration::from_secs(7)));
    account.telegram.fail_next_of("sendMessage", Fault::Status(502));
    account.call("getMe", json!({})).await;
    let (status, answer) = account.try_call("sendMessage", body.clone()).await;
    assert_eq!((status, &answer["parameters"]["retry_after"]), (429, &json!(7)));
    assert_eq!(account.try_call("sendMessage", body.clone()).await.0, 502);
    account.call("sendMessage", body).await;
    let calls = account.telegram.calls();
    let log: Vec<_> = calls.iter().map(|call| (call.method.as_str(), call.status)).collect();
    let expected = [
        ("getMe", Some(200)),
        ("sendMessage", Some(429)),
        ("sendMessage", Some(502)),
        ("sendMessage", Some(200)),
    ];
    assert_eq!(log, expected);
}
