//! A bot that is told.

use channel_testkit::telegram::Forgery;
use serde_json::json;

use super::support::{Account, Webhook};

const SECRET: &str = "s3cr3t-hook";

async fn told(answers: impl IntoIterator<Item = (u16, String)>) -> (Account, Webhook) {
    let account = Account::new().await;
    let (webhook, url) = Webhook::answering(answers).await;
    account.call("setWebhook", json!({ "url": url, "secret_token": SECRET })).await;
    (account, webhook)
}

#[tokio::test]
async fn an_update_is_delivered_until_it_is_taken() {
    let (account, webhook) = told([(500, String::new()), (404, String::new())]).await;
    let delivery = account.telegram.say(&account.ada, &account.chat, "hello").await;
    assert_eq!(delivery.statuses(), [Some(500), Some(404), Some(200)]);
    let heard = webhook.heard();
    assert!(heard.iter().all(|(headers, _)| headers["x-telegram-bot-api-secret-token"] == SECRET));
    assert_eq!(heard[0].1, heard[2].1, "it is the same update");
    let info = account.call("getWebhookInfo", json!({})).await;
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 404");
    assert_eq!(info["pending_update_count"], 0);
}

#[tokio::test]
async fn what_waited_comes_when_there_is_a_webhook() {
    let account = Account::new().await;
    account.telegram.say(&account.ada, &account.chat, "early").await;
    let (webhook, url) = Webhook::answering([]).await;
    account.call("setWebhook", json!({ "url": url })).await;
    account.telegram.say(&account.ada, &account.chat, "late").await;
    account.telegram.wait_until(|_| webhook.heard().len() == 2).await.unwrap();
    account.call("deleteWebhook", json!({})).await;
    assert_eq!(account.telegram.say(&account.ada, &account.chat, "hello?").await.tries, []);
    assert_eq!(account.updates().await[0]["message"]["text"], "hello?");
}

#[tokio::test]
async fn only_what_is_allowed_is_told() {
    let account = Account::new().await;
    let (_webhook, url) = Webhook::answering([]).await;
    account.call("setWebhook", json!({ "url": url, "allowed_updates": ["edited_message"] })).await;
    assert_eq!(account.telegram.say(&account.ada, &account.chat, "hello").await.tries, []);
    let said = account.telegram.transcript(&account.chat).remove(0);
    assert!(account.telegram.edit(&said, "bye").await.is_taken());
}

#[tokio::test]
async fn a_webhook_may_answer_with_a_call() {
    let call = json!({ "method": "sendMessage", "chat_id": 5001, "text": "at once" }).to_string();
    let (account, _webhook) = told([(200, call)]).await;
    account.telegram.say(&account.ada, &account.chat, "hello").await;
    assert_eq!(account.telegram.next_reply(&account.chat).await.unwrap().text, "at once");
}

#[tokio::test]
async fn forgeries_and_duplicates_come_on_demand() {
    let (account, webhook) = told([]).await;
    account.telegram.forge_next(Forgery::WrongSecret);
    account.telegram.say(&account.ada, &account.chat, "forged").await;
    account.telegram.forge_next(Forgery::NoSecret);
    account.telegram.say(&account.ada, &account.chat, "forged").await;
    account.telegram.duplicate_next(3);
    let delivery = account.telegram.say(&account.ada, &account.chat, "thrice").await;
    assert_eq!(delivery.statuses(), [Some(200); 3]);
    let heard = webhook.heard();
    let secrets = heard
        .iter()
        .map(|(headers, _)| headers.get("x-telegram-bot-api-secret-token").map(|secret| secret == SECRET));
    assert_eq!(secrets.collect::<Vec<_>>(), [Some(false), None, Some(true), Some(true), Some(true)]);
}
