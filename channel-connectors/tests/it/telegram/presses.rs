//! Inline buttons that are pressed.

use serde_json::json;

use super::{
    bot_api::{BotApi, Reaction},
    support::{Bot, fixture, metadata, only},
};

#[tokio::test]
async fn a_press_is_its_payload_and_is_answered() {
    let mut api = BotApi::new().await;
    let bot = Bot::with(&api.keys(&json!({})));
    for (name, text, chat) in [
        ("callback", r#"/pick{"c":"red"}"#, "5001"),
        ("callback_inaccessible", "/pick", "-1001234567890123"),
        ("callback_inline", "/pick", "5001"),
    ] {
        let message = only(bot.update(&fixture(name)).await);
        assert_eq!((message.text.as_str(), message.is_payload), (text, true), "{name}");
        assert_eq!(message.reply_to().id, chat, "{name}");
        assert_eq!(metadata(&message, "callback_query")["id"], "4382", "{name}");
        let call = api.call().await;
        assert_eq!(call.method, "answerCallbackQuery");
        assert_eq!(call.body, json!({ "callback_query_id": "4382" }));
    }
    assert_eq!(bot.update(&fixture("callback_game")).await, []);
}

#[tokio::test]
async fn telegram_does_not_wait_for_the_answer() {
    let waits = std::iter::repeat_with(|| Reaction::Wait).take(100);
    let mut api = BotApi::reacting("answerCallbackQuery", waits).await;
    let bot = Bot::with(&api.keys(&json!({})));
    for _ in 0..100 {
        only(bot.update(&fixture("callback")).await);
    }
    for _ in 0..32 {
        api.call().await;
    }
    assert_eq!(api.calls(), [], "no more than 32 are under way");
}

#[tokio::test]
async fn people_see_that_the_bot_writes_where_it_is_wanted() {
    let mut api = BotApi::new().await;
    only(Bot::with(&api.keys(&json!({ "typing": true }))).update(&fixture("topic")).await);
    let call = api.call().await;
    assert_eq!(call.method, "sendChatAction");
    let expected = json!({ "chat_id": "-1001234567890123", "action": "typing", "message_thread_id": 17 });
    assert_eq!(call.body, expected);
}

#[tokio::test]
async fn a_press_that_says_nothing_is_answered() {
    let mut api = BotApi::new().await;
    let bot = Bot::with(&api.keys(&json!({})));
    assert_eq!(bot.update(&fixture("callback_game")).await, []);
    assert_eq!(api.call().await.method, "answerCallbackQuery", "its button does not wait for ever");
}
