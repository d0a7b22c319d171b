//! A bot that asks.

use serde_json::json;

use super::support::Account;

#[tokio::test]
async fn what_was_taken_is_not_told_again() {
    let account = Account::new().await;
    for text in ["one", "two"] {
        account.telegram.say(&account.ada, &account.chat, text).await;
    }
    let updates = account.updates().await;
    assert_eq!(account.updates().await, updates, "not confirmed yet");
    let next = updates[0]["update_id"].as_i64().unwrap() + 1;
    let rest = account.call("getUpdates", json!({ "offset": next })).await;
    assert_eq!(rest[0]["message"]["text"], "two");
    assert_eq!(rest.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_poll_ends_when_something_comes() {
    let account = Account::new().await;
    let (polled, ()) = tokio::join!(account.call("getUpdates", json!({ "timeout": 30 })), async {
        account.telegram.say(&account.ada, &account.chat, "hello").await;
    });
    assert_eq!(polled[0]["message"]["text"], "hello");
}

#[tokio::test]
async fn a_further_poll_and_a_webhook_end_a_poll() {
    let account = Account::new().await;
    let poll = |timeout: u32| account.try_call("getUpdates", json!({ "timeout": timeout }));
    let both = async {
        tokio::join!(poll(30), poll(30), async {
            account.telegram.wait_until(|telegram| !telegram.calls().is_empty()).await.unwrap();
            account.telegram.say(&account.ada, &account.chat, "hello").await;
        })
    };
    let (one, other, ()) = both.await;
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "the poll before was ended");

    account.call("setWebhook", json!({ "url": "http://127.0.0.1:9/hook" })).await;
    let why = account.refusal("getUpdates", json!({})).await;
    assert!(why.starts_with("Conflict: can't use getUpdates method while webhook is active"), "{why}");
}
