//! Who is let in, and what is answered.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use super::support::{Bot, SECRET, TOKEN, delivery, fixture, only};

#[tokio::test]
async fn what_does_not_carry_the_secret_is_refused() {
    let bot = Bot::with(&json!({}));
    let body = fixture("text").to_string();
    for secret in [None, Some(""), Some("another"), Some(&SECRET[1..]), Some(TOKEN)] {
        let (status, answer) = bot.deliver(delivery(secret, body.clone())).await;
        assert_eq!(status, 401, "{secret:?}");
        assert!(!answer.contains("s3cr3t"), "{answer}");
    }
    assert_eq!(bot.kept.messages(), []);
}

#[tokio::test]
async fn a_secret_that_is_not_given_is_derived_from_the_token() {
    let url = "https://bot.example.com/webhooks/telegram/webhook";
    let bot = Bot::with(&json!({ "secret_token": null, "webhook_url": url }));
    let key = hmac::Key::new(hmac::HMAC_SHA256, TOKEN.as_bytes());
    let tag = hmac::sign(&key, b"secret_token");
    let secret = tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let body = fixture("text").to_string();
    assert_eq!(bot.deliver(delivery(Some(&secret), body.clone())).await.0, 200);
    assert_eq!(bot.deliver(delivery(None, body)).await.0, 401);
}

#[tokio::test]
async fn a_bot_that_asks_for_updates_is_delivered_none() {
    let bot = Bot::with(&json!({ "secret_token": null }));
    for secret in [None, Some(""), Some(SECRET)] {
        assert_eq!(bot.deliver(delivery(secret, fixture("text").to_string())).await.0, 401, "{secret:?}");
    }
}

#[tokio::test]
async fn json_may_stand_in_a_json_string() {
    let bot = Bot::with(&json!({}));
    assert_eq!(only(bot.update(&Value::String(fixture("text").to_string())).await).text, "hello there");
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let bot = Bot::with(&json!({}));
    for body in ["", "{", "\"{\"", "\"hello\"", "\u{ff}"] {
        assert_eq!(bot.deliver(delivery(Some(SECRET), body)).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn what_has_another_shape_is_no_message_and_no_failure() {
    let bot = Bot::with(&json!({ "edits": true, "membership": true }));
    let from = json!({ "id": 1 });
    for body in [
        json!(null),
        json!([1]),
        json!({}),
        json!({ "update_id": 1 }),
        json!({ "update_id": 1.5, "message": { "from": from, "text": "Hi" } }),
        json!({ "update_id": {}, "message": { "from": from, "text": "Hi" } }),
        json!({ "update_id": 1, "message": null }),
        json!({ "update_id": 1, "message": [] }),
        json!({ "update_id": 1, "message": { "text": "Hi" } }),
        json!({ "update_id": 1, "message": { "from": 7, "text": "Hi" } }),
        json!({ "update_id": 1, "message": { "from": {}, "text": "Hi" } }),
        json!({ "update_id": 1, "message": { "from": from, "text": 5 } }),
        json!({ "update_id": 1, "message": { "from": from, "photo": [] } }),
        json!({ "update_id": 1, "message": { "from": from, "photo": "x" } }),
        json!({ "update_id": 1, "callback_query": {} }),
        json!({ "update_id": 1, "callback_query": { "from": from, "data": [] } }),
        json!({ "update_id": 1, "my_chat_member": 5 }),
    ] {
        assert_eq!(bot.update(&body).await, [], "{body}");
    }
}

#[tokio::test]
async fn odd_entities_and_numbers_do_no_harm() {
    let bot = Bot::with(&json!({}));
    for (text, entity) in [
        ("ä", json!({ "type": "bot_command", "offset": 0, "length": 1 })),
        ("/a", json!({ "type": "bot_command", "offset": 0, "length": 99 })),
        ("/a", json!({ "type": "bot_command", "offset": 0, "length": -1 })),
        ("/a", json!({ "type": "bot_command", "offset": "0", "length": u64::MAX })),
        ("/a", json!(7)),
    ] {
        let message = json!({
            "message_id": u64::MAX, "chat": { "id": i64::MIN }, "from": { "id": u64::MAX },
            "text": text, "entities": [entity],
        });
        let heard = only(bot.update(&json!({ "update_id": u64::MAX, "message": message })).await);
        assert_eq!((heard.text.as_str(), heard.is_payload), (text, false), "{entity}");
        assert_eq!(heard.sender_id, i64::MIN.to_string());
    }
}

#[tokio::test]
async fn what_is_not_kept_is_delivered_again() {
    let bot = Bot::with(&json!({}));
    bot.kept.fill();
    assert_eq!(bot.deliver(delivery(Some(SECRET), fixture("text").to_string())).await.0, 503);
    let again = only(bot.update(&fixture("text")).await);
    assert_eq!(again.message_id, only(bot.update(&fixture("text")).await).message_id);
}
