//! What replies look like in Telegram.

use channel_core::{BotMessage, Button, Element, Rate, Recipient};
use serde_json::{Value, json};

use super::bot_api::{BotApi, result};

/// Ada in a topic of a group.
fn ada() -> Recipient {
    let mut to = Recipient::new("-100123");
    to.details.insert("message_thread_id".to_owned(), 17.into());
    to
}

/// What is called when this is sent to Ada; the bodies without where it goes.
async fn calls(message: BotMessage) -> Vec<(String, Value)> {
    let mut api = BotApi::new().await;
    api.output(&json!({}), &ada()).send(&ada(), &message).await.unwrap();
    let without_place = |(method, mut body): (String, Value)| {
        let keys = body.as_object_mut().unwrap();
        assert_eq!(keys.shift_remove("chat_id"), Some(json!(-100_123)));
        assert_eq!(keys.shift_remove("message_thread_id"), Some(json!(17)));
        (method, body)
    };
    api.calls().into_iter().map(without_place).collect()
}

fn call(method: &str, body: Value) -> (String, Value) {
    (method.to_owned(), body)
}

/// The keyboard below the one message.
async fn keyboard(message: BotMessage) -> Value {
    let calls = calls(message).await;
    assert_eq!(calls.len(), 1, "{calls:?}");
    calls[0].1["reply_markup"].clone()
}

fn yes_and_no() -> [Button; 2] {
    [Button::new("Yes", "/affirm"), Button::new("No", "/deny")]
}

#[tokio::test]
async fn text_is_split_at_blank_lines_and_where_it_is_too_long() {
    let text = |text: &str| call("sendMessage", json!({ "text": text }));
    assert_eq!(calls("one\n\ntwo".into()).await, [text("one"), text("two")]);
    assert_eq!(calls(BotMessage::default()).await, []);
    let long = "😀 ".repeat(2_000);
    let pieces = calls(long.as_str().into()).await;
    assert_eq!(pieces.len(), 2);
    for (_, body) in &pieces {
        assert!(body["text"].as_str().unwrap().encode_utf16().count() <= 4_096);
    }
}

#[tokio::test]
async fn what_telegram_shows_is_known_by_its_id() {
    let api = BotApi::reacting(
        "sendMessage",
        [result(json!({ "message_id": 7 })), result(json!({ "message_id": 8 }))],
    )
    .await;
    let sent = api.output(&json!({}), &ada()).send(&ada(), &"one\n\ntwo".into()).await.unwrap();
    assert_eq!(sent.message_ids, ["7", "8"]);
}

#[tokio::test]
async fn buttons_are_an_inline_keyboard() {
    let shown = |title: &str, data: &str| json!({ "text": title, "callback_data": data });
    let (yes, no) = (shown("Yes", "/affirm"), shown("No", "/deny"));
    let question = || BotMessage::text("Shall we?").with_buttons(yes_and_no());
    let expected = json!({ "text": "Shall we?", "reply_markup": { "inline_keyboard": [[yes, no]] } });
    assert_eq!(calls(question()).await, [call("sendMessage", expected)]);
    for (kind, rows) in [("inline", json!([[yes, no]])), ("vertical", json!([[yes], [no]]))] {
        let mut message = question();
        message.metadata.insert("button_type".to_owned(), kind.into());
        assert_eq!(keyboard(message).await, json!({ "inline_keyboard": rows }), "{kind}");
    }
    let mut message = question();
    message.metadata.insert("button_type".to_owned(), "reply".into());
    let rows = json!([[{ "text": "Yes" }], [{ "text": "No" }]]);
    let expected = json!({ "keyboard": rows, "resize_keyboard": false, "one_time_keyboard": true });
    assert_eq!(keyboard(message).await, expected, "as in Rasa");
}

#[tokio::test]
async fn a_row_has_no_more_buttons_than_can_be_read() {
    let titles = ["A fairly long title", "Another title as long", "Yes", "No", "Perhaps"];
    let buttons = titles.map(|title| Button::new(title, "/x"));
    let shown = keyboard(BotMessage::text("Which?").with_buttons(buttons)).await;
    let rows: Vec<_> = shown["inline_keyboard"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().len())
        .collect();
    assert_eq!(rows, [1, 1, 3]);
}

#[tokio::test]
async fn a_button_may_be_a_link_and_a_long_payload_travels_as_a_key() {
    let link = Button { title: "Read".to_owned(), ..Button::default() }.with("url", "https://example.com");
    let long = Button::new("Long", "x".repeat(65));
    let untold = Button { title: "Untold".to_owned(), ..Button::default() };
    let shown = keyboard(BotMessage::text("News").with_buttons([link, long, untold])).await;
    let buttons = &shown["inline_keyboard"][0];
    assert_eq!(buttons[0], json!({ "text": "Read", "url": "https://example.com" }));
    let key = buttons[1]["callback_data"].as_str().unwrap();
    assert_eq!((key.len(), &key[..1]), (17, "~"));
    assert_eq!(buttons[2]["callback_data"], "Untold");
}

#[tokio::test]
async fn quick_replies_vanish_where_their_titles_say_it_all() {
    let titles = [Button { title: "Yes".to_owned(), ..Button::default() }, Button::new("No", "No")];
    let shown = keyboard(BotMessage::text("Go on?").with_quick_replies(titles)).await;
    assert_eq!(shown["keyboard"], json!([[{ "text": "Yes" }], [{ "text": "No" }]]));
    assert_eq!(shown["one_time_keyboard"], true);
    let contact = Button { title: "Call me".to_owned(), ..Button::default() }.with("request_contact", true);
    let shown = keyboard(BotMessage::text("How?").with_quick_replies([contact])).await;
    assert_eq!(shown["keyboard"], json!([[{ "text": "Call me", "request_contact": true }]]));
    let shown = keyboard(BotMessage::text("Go on?").with_quick_replies(yes_and_no())).await;
    assert_eq!(shown["inline_keyboard"][0][1]["callback_data"], "/deny", "no payload is lost");
    let mut message = BotMessage::text("Thanks");
    message.metadata.insert("remove_keyboard".to_owned(), true.into());
    assert_eq!(keyboard(message).await, json!({ "remove_keyboard": true }));
}

#[tokio::test]
async fn images_and_files_are_messages_of_their_own() {
    let cat = "https://example.com/cat.png";
    let expected =
        [call("sendMessage", json!({ "text": "A cat" })), call("sendPhoto", json!({ "photo": cat }))];
    assert_eq!(calls(BotMessage::text("A cat").with_image(cat)).await, expected);
    for (attachment, method, key) in [
        (json!("https://example.com/a.pdf"), "sendDocument", "document"),
        (json!("https://example.com/a"), "sendDocument", "document"),
        (json!("https://example.com/A.JPG?x=1.pdf"), "sendPhoto", "photo"),
        (json!("https://example.com/a.mp3"), "sendAudio", "audio"),
        (json!("https://example.com/a.mp4#t"), "sendVideo", "video"),
        (json!("https://example.com/a.ogg"), "sendVoice", "voice"),
        (json!("https://example.com/a.gif"), "sendAnimation", "animation"),
    ] {
        let sent = calls(BotMessage::default().with_attachment(attachment.clone())).await;
        assert_eq!(sent, [call(method, json!({ key: attachment }))]);
    }
    let facebooks = json!({ "type": "video", "payload": { "src": "https://example.com/v" } });
    let sent = calls(BotMessage::default().with_attachment(facebooks)).await;
    assert_eq!(sent, [call("sendVideo", json!({ "video": "https://example.com/v" }))]);
    let own = json!({ "document": "file-id", "caption": "the bill" });
    assert_eq!(calls(BotMessage::default().with_attachment(own.clone())).await, [call("sendDocument", own)]);
}

#[tokio::test]
async fn cards_have_images_and_buttons() {
    let mut cat = Element::new("Cat", "soft");
    cat.buttons = vec![Button::new("Stroke", "/stroke")];
    cat.extra.insert("image_url".to_owned(), "https://example.com/cat.png".into());
    let keyboard = json!({ "inline_keyboard": [[{ "text": "Stroke", "callback_data": "/stroke" }]] });
    let expected = [
        call(
            "sendPhoto",
            json!({ "photo": "https://example.com/cat.png", "caption": "Cat\nsoft", "reply_markup": keyboard }),
        ),
        call("sendMessage", json!({ "text": "Dog\nloud" })),
    ];
    let cards = [cat.clone(), Element::new("Dog", "loud")];
    assert_eq!(calls(BotMessage::default().with_elements(cards)).await, expected);
    cat.subtitle = Some("😀".repeat(600));
    let sent = calls(BotMessage::default().with_elements([cat])).await;
    assert!(sent[0].1["caption"].as_str().unwrap().encode_utf16().count() <= 1_024);
}

#[tokio::test]
async fn custom_json_is_what_rasa_takes() {
    for (method, body) in [
        ("sendMessage", json!({ "text": "Hi", "parse_mode": "HTML", "disable_notification": true })),
        ("sendPhoto", json!({ "photo": "p", "caption": "c" })),
        ("sendAudio", json!({ "audio": "a" })),
        ("sendDocument", json!({ "document": "d" })),
        ("sendSticker", json!({ "sticker": "s" })),
        ("sendVideo", json!({ "video": "v" })),
        ("sendVideoNote", json!({ "video_note": "v" })),
        ("sendAnimation", json!({ "animation": "a" })),
        ("sendVoice", json!({ "voice": "v" })),
        ("sendVenue", json!({ "latitude": 1.5, "longitude": 2.5, "title": "t", "address": "a" })),
        ("sendLocation", json!({ "latitude": 1.5, "longitude": 2.5 })),
        ("sendContact", json!({ "phone_number": "1", "first_name": "Ada" })),
        ("sendGame", json!({ "game_short_name": "chess" })),
        ("sendChatAction", json!({ "action": "typing" })),
        (
            "sendInvoice",
            json!({ "title": "t", "description": "d", "payload": "p", "currency": "EUR", "prices": [] }),
        ),
        ("editMessageText", json!({ "message_id": 7, "text": "new" })),
        ("editMessageReplyMarkup", json!({ "message_id": 7, "reply_markup": { "inline_keyboard": [] } })),
    ] {
        assert_eq!(calls(BotMessage::custom(body.clone())).await, [call(method, body)]);
    }
}

#[tokio::test]
async fn each_key_of_custom_json_is_a_call_with_what_is_left() {
    let both = json!({ "text": "Hi", "photo": "p", "caption": "c", "sticker": null });
    let expected = [
        call("sendMessage", json!({ "text": "Hi", "caption": "c" })),
        call("sendPhoto", json!({ "photo": "p", "caption": "c" })),
    ];
    assert_eq!(calls(BotMessage::custom(both)).await, expected);
    let mut api = BotApi::new().await;
    let elsewhere = BotMessage::custom(json!({ "text": "Hi", "chat_id": "@news" }));
    api.output(&json!({}), &ada()).send(&ada(), &elsewhere).await.unwrap();
    assert_eq!(api.calls(), [call("sendMessage", json!({ "text": "Hi", "chat_id": "@news" }))]);
    let nothing = BotMessage::custom(json!({ "txt": "Hi" }));
    let error = api.output(&json!({}), &ada()).send(&ada(), &nothing).await.unwrap_err();
    assert!(error.to_string().contains("`text`"), "{error}");
}

#[tokio::test]
async fn an_album_has_up_to_ten() {
    let photo = |number: usize| json!({ "type": "photo", "media": format!("p{number}") });
    let album: Vec<_> = (1..=11).map(photo).collect();
    let expected = [
        call("sendMediaGroup", json!({ "media": album[..10], "protect_content": true })),
        call("sendPhoto", json!({ "photo": "p11", "protect_content": true })),
    ];
    let custom = json!({ "media": album, "protect_content": true });
    assert_eq!(calls(BotMessage::custom(custom)).await, expected);
    let api =
        BotApi::reacting("sendMediaGroup", [result(json!([{ "message_id": 7 }, { "message_id": 8 }]))]).await;
    let two = BotMessage::custom(json!([photo(1), photo(2)]));
    let sent = api.output(&json!({}), &ada()).send(&ada(), &two).await.unwrap();
    assert_eq!(sent.message_ids, ["7", "8"]);
}

#[tokio::test]
async fn what_answers_nobody_goes_where_the_conversation_is() {
    let mut api = BotApi::new().await;
    for (id, body) in [
        ("5001", json!({ "text": "Hi", "chat_id": 5001 })),
        ("-100123_17", json!({ "text": "Hi", "chat_id": -100_123, "message_thread_id": 17 })),
        ("@news_of_today", json!({ "text": "Hi", "chat_id": "@news_of_today" })),
    ] {
        let to = Recipient::new(id);
        api.output(&json!({}), &to).send(&to, &"Hi".into()).await.unwrap();
        assert_eq!(api.calls(), [call("sendMessage", body)]);
    }
}

#[tokio::test]
async fn telegram_takes_thirty_a_second_one_in_a_chat_and_twenty_a_minute_in_a_group() {
    let output = BotApi::new().await.output(&json!({}), &ada());
    let limits = output.limits();
    assert_eq!(limits.account, Rate::per_second(30));
    let chat = limits.chat.expect("there is a limit");
    assert_eq!(chat.per.as_secs(), u64::from(chat.count.get()));
    assert_eq!(limits.group, Rate::per_minute(20));
    for (id, is_group) in [("-100123", true), ("-55", true), ("@garden_news", true), ("77", false)] {
        assert_eq!(output.is_group(&Recipient::new(id)), is_group, "{id}");
    }
}
