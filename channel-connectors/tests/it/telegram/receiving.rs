//! The webhook that is set at the start, and updates that are asked for.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    bot_api::{BotApi, Reaction, refusal, result},
    support::{Bot, SECRET, fixture},
};

const URL: &str = "https://bot.example.com/webhooks/telegram/webhook";

fn info(updates: &[&str]) -> super::bot_api::Reaction {
    result(json!({ "url": URL, "pending_update_count": 0, "allowed_updates": updates }))
}

/// A bot with a webhook that was started once before, and this since; the methods that are called at its next start.
async fn called_at_the_next_start(before: &Value, now: &Value, updates: &[&str]) -> Vec<String> {
    let mut api = BotApi::reacting("getWebhookInfo", [result(json!({ "url": "" })), info(updates)]).await;
    let before = Bot::with(&api.keys(before));
    before.start().1.await.unwrap().unwrap();
    api.calls();
    let mut now = Bot::with(&api.keys(now));
    now.kept = before.kept;
    now.start().1.await.unwrap().unwrap();
    api.calls().into_iter().map(|(method, _)| method).collect()
}

#[tokio::test]
async fn a_webhook_is_set_with_its_secret() {
    let mut api = BotApi::new().await;
    let bot = Bot::with(&api.keys(&json!({ "webhook_url": URL, "edits": true, "membership": true })));
    bot.start().1.await.unwrap().unwrap();
    let updates = ["message", "callback_query", "edited_message", "my_chat_member", "chat_member"];
    let expected = json!({ "url": URL, "secret_token": SECRET, "allowed_updates": updates });
    let calls = api.calls();
    assert_eq!(calls[0].0, "getWebhookInfo");
    assert_eq!(calls[1..], [("setWebhook".to_owned(), expected)]);
    assert!(bot.kept.notes().values().all(|note| !note.contains("s3cr3t")), "no secret is noted");
}

#[tokio::test]
async fn a_webhook_is_set_again_only_where_something_changed() {
    let keys = json!({ "webhook_url": URL });
    let updates = ["callback_query", "message"];
    let asked = ["getWebhookInfo"];
    let set = ["getWebhookInfo", "setWebhook"];
    assert_eq!(called_at_the_next_start(&keys, &keys, &updates).await, asked);
    let edits = json!({ "webhook_url": URL, "edits": true });
    assert_eq!(called_at_the_next_start(&keys, &edits, &updates).await, set);
    let moved = json!({ "webhook_url": "https://elsewhere.example.com/" });
    assert_eq!(called_at_the_next_start(&keys, &moved, &updates).await, set);
    let secret = json!({ "webhook_url": URL, "secret_token": "another" });
    assert_eq!(
        called_at_the_next_start(&keys, &secret, &updates).await,
        set,
        "Telegram does not tell the secret"
    );
}

#[tokio::test]
async fn a_webhook_that_can_not_be_set_now_is_set_later() {
    let limited = refusal(429, "Too Many Requests", &json!({ "retry_after": 0 }));
    let mut api = BotApi::reacting("setWebhook", [limited, refusal(502, "Bad Gateway", &json!(null))]).await;
    Bot::with(&api.keys(&json!({ "webhook_url": URL }))).start().1.await.unwrap().unwrap();
    let set = api.calls().into_iter().filter(|(method, _)| method == "setWebhook");
    assert_eq!(set.count(), 3);
}

#[tokio::test]
async fn a_webhook_that_can_not_be_set_ends_no_server() {
    let wrong = refusal(400, "Bad Request: bad webhook: HTTPS url must be provided", &json!(null));
    let mut api = BotApi::reacting("setWebhook", [wrong]).await;
    Bot::with(&api.keys(&json!({ "webhook_url": URL }))).start().1.await.unwrap().unwrap();
    assert_eq!(api.calls().len(), 2, "it is not tried again");
}

#[tokio::test]
async fn without_a_webhook_updates_are_asked_for() {
    let updates = json!([fixture("text"), fixture("to_be_invented"), fixture("photo")]);
    let next = fixture("to_be_invented")["update_id"].as_i64().unwrap() + 1;
    let mut api = BotApi::reacting("getUpdates", [result(updates)]).await;
    let bot = Bot::with(&api.keys(&json!({})));
    let (shutdown, task) = bot.start();
    assert_eq!(api.call().await.method, "getWebhookInfo");
    let asked = json!({ "offset": null, "timeout": 50, "allowed_updates": ["message", "callback_query"] });
    assert_eq!(api.call().await.body, asked);
    bot.kept.noted("offset", &next.to_string()).await;
    let texts: Vec<_> = bot.kept.messages().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["hello there", "my cat"]);
    assert_eq!(api.call().await.body["offset"], next);
    shutdown.request();
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn after_a_restart_it_goes_on_behind_what_was_kept() {
    let mut api = BotApi::new().await;
    let bot = Bot::with(&api.keys(&json!({})));
    bot.kept.notes().insert("offset".to_owned(), "880123".to_owned());
    let (_shutdown, _task) = bot.start();
    assert_eq!(api.call().await.method, "getWebhookInfo");
    assert_eq!(api.call().await.body["offset"], 880_123);
}

#[tokio::test]
async fn updates_that_are_not_kept_are_asked_for_again() {
    let updates = || result(json!([fixture("text")]));
    let mut api = BotApi::reacting("getUpdates", [updates(), updates()]).await;
    let bot = Bot::with(&api.keys(&json!({})));
    bot.kept.fill();
    let (_shutdown, _task) = bot.start();
    api.call().await;
    for _ in 0..2 {
        assert_eq!(api.call().await.body["offset"], Value::Null, "the offset is not moved");
    }
    assert_eq!(api.call().await.body["offset"], fixture("text")["update_id"].as_i64().unwrap() + 1);
    assert_eq!(bot.kept.messages().len(), 1);
}

#[tokio::test]
async fn a_webhook_of_before_is_released() {
    let mut api = BotApi::reacting("getWebhookInfo", [info(&[])]).await;
    let bot = Bot::with(&api.keys(&json!({})));
    let (_shutdown, _task) = bot.start();
    for method in ["getWebhookInfo", "deleteWebhook", "getUpdates"] {
        assert_eq!(api.call().await.method, method);
    }
}

#[tokio::test]
async fn who_else_asks_is_waited_for_and_a_wrong_token_ends_it() {
    let conflict = refusal(409, "Conflict: terminated by other getUpdates request", &json!(null));
    let unknown = refusal(401, "Unauthorized", &json!(null));
    let mut api = BotApi::reacting("getUpdates", [conflict, unknown]).await;
    let bot = Bot::with(&api.keys(&json!({})));
    let (_shutdown, task) = bot.start();
    task.await.unwrap().unwrap();
    assert_eq!(api.calls().len(), 3);
}

#[tokio::test]
async fn what_is_no_answer_of_telegrams_is_asked_for_again_after_a_pause() {
    let garbage = [
        Reaction::Answer(200, None, json!("a proxy's page")),
        Reaction::Text("<html>log in</html>"),
        result(json!(["x", {}, { "update_id": "1" }])),
        result(json!([])),
    ];
    let count = garbage.len();
    let mut api = BotApi::reacting("getUpdates", garbage).await;
    let bot = Bot::with(&api.keys(&json!({})));
    let (_shutdown, _task) = bot.start();
    let begun = std::time::Instant::now();
    assert_eq!(api.call().await.method, "getWebhookInfo");
    for _ in 0..=count {
        assert_eq!(api.call().await.method, "getUpdates");
    }
    assert!(begun.elapsed() >= Duration::from_secs(2), "there is a pause after each");
}
