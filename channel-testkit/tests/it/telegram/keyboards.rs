//! Buttons.

use serde_json::{Value, json};

use super::support::Account;

fn inline(button: &Value) -> Value {
    json!({ "inline_keyboard": [[button]] })
}

#[tokio::test]
async fn a_button_below_a_message_spins_until_it_is_answered() {
    let account = Account::new().await;
    let Account { telegram, ada, chat } = &account;
    let markup = json!({ "inline_keyboard": [[
        { "text": "Red", "callback_data": "/pick_red" },
        { "text": "More", "url": "https://x.org" },
    ]] });
    let body = json!({ "chat_id": chat.id, "text": "Which?", "reply_markup": markup });
    account.call("sendMessage", body).await;
    telegram.press(ada, chat, "More").await.unwrap();
    assert_eq!(account.updates().await, [] as [Value; 0], "the bot is not told of links");
    telegram.press(ada, chat, "Red").await.unwrap();
    assert_eq!(telegram.spinners(chat), ["Red"]);
    let query = account.updates().await.remove(0)["callback_query"].take();
    assert_eq!((&query["data"], &query["message"]["text"]), (&json!("/pick_red"), &json!("Which?")));
    let answer = json!({ "callback_query_id": query["id"], "text": "Red it is" });
    account.call("answerCallbackQuery", answer.clone()).await;
    assert_eq!(telegram.spinners(chat), [] as [String; 0]);
    assert_eq!(telegram.notices(chat), ["Red it is"]);
    assert!(account.refusal("answerCallbackQuery", answer).await.contains("query is too old"));

    let id = query["message"]["message_id"].clone();
    account.call("editMessageReplyMarkup", json!({ "chat_id": chat.id, "message_id": id })).await;
    telegram.press(ada, chat, "Red").await.unwrap_err();
}

#[tokio::test]
async fn a_button_in_place_of_the_keyboard_says_its_title() {
    let account = Account::new().await;
    let Account { telegram, ada, chat } = &account;
    let markup = json!({ "keyboard": [[{ "text": "Yes" }], ["No"]], "one_time_keyboard": true });
    account.call("sendMessage", json!({ "chat_id": chat.id, "text": "Well?", "reply_markup": markup })).await;
    assert_eq!(telegram.keyboard(chat), ["Yes", "No"]);
    telegram.press(ada, chat, "No").await.unwrap();
    assert_eq!(account.updates().await[0]["message"]["text"], "No");
    assert_eq!(telegram.keyboard(chat), [] as [String; 0], "it goes once one is pressed");
}

#[tokio::test]
async fn buttons_have_limits() {
    let account = Account::new().await;
    let say = |markup: Value| json!({ "chat_id": account.chat.id, "text": "x", "reply_markup": markup });
    let data = |length: usize| json!({ "text": "x", "callback_data": "d".repeat(length) });
    account.call("sendMessage", say(inline(&data(64)))).await;
    for (button, why) in [
        (data(65), "Bad Request: BUTTON_DATA_INVALID"),
        (data(0), "Bad Request: BUTTON_DATA_INVALID"),
        (
            json!({ "text": "x" }),
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            json!({ "text": "x", "url": "nowhere" }),
            "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
    ] {
        assert_eq!(account.refusal("sendMessage", say(inline(&button))).await, why, "{button}");
    }
}
