//! What people write and send.

use channel_core::Recipient;
use serde_json::{Value, json};

use super::support::{Bot, fixture, metadata, only};

const GROUP: i64 = -1_001_234_567_890_123;

#[tokio::test]
async fn a_message_is_a_message() {
    let bot = Bot::with(&json!({}));
    let message = only(bot.update(&fixture("text")).await);
    assert_eq!((message.text.as_str(), message.sender_id.as_str()), ("hello there", "5001"));
    assert_eq!(message.message_id, fixture("text")["update_id"].to_string());
    assert_eq!(message.input_channel.as_deref(), Some("telegram"));
    assert_eq!(message.recipient, Some(Recipient::new("5001")));
    assert!(!message.is_payload);
    let update = &fixture("text")["message"];
    for key in ["chat", "from", "message_id"] {
        assert_eq!(metadata(&message, key), update[key], "{key}");
    }
    assert_eq!(metadata(&message, "raw_event"), Value::Null);
}

#[tokio::test]
async fn a_command_means_what_it_says_and_a_typed_payload_does_not() {
    let bot = Bot::with(&json!({}));
    for (name, text, is_payload) in [
        ("start", "/start ref42", true),
        ("command_to_us", "/help me", true),
        ("typed_payload", r#"/inform{"size":"XL"}"#, false),
    ] {
        let message = only(bot.update(&fixture(name)).await);
        assert_eq!((message.text.as_str(), message.is_payload), (text, is_payload), "{name}");
    }
    assert_eq!(bot.update(&fixture("command_to_other")).await, []);
}

#[tokio::test]
async fn a_restart_is_followed_by_a_start() {
    let messages = Bot::with(&json!({})).update(&fixture("restart")).await;
    let said: Vec<_> = messages.iter().map(|message| (message.text.as_str(), message.is_payload)).collect();
    assert_eq!(said, [("/restart", true), ("/start", true)], "as in Rasa");
    assert_ne!(messages[0].message_id, messages[1].message_id);
}

#[tokio::test]
async fn who_speaks_for_a_chat_is_heard() {
    let bot = Bot::with(&json!({}));
    let mut update = fixture("anonymous_admin");
    let message = only(bot.update(&update).await);
    let chat = &update["message"]["chat"];
    assert_eq!((message.text.as_str(), &message.sender_id), ("as the group", &chat["id"].to_string()));
    assert_eq!(metadata(&message, "from"), update["message"]["sender_chat"]);
    update["message"].as_object_mut().unwrap().remove("sender_chat");
    assert_eq!(bot.update(&update).await, [], "a bot");
}

#[tokio::test]
async fn a_web_app_says_its_data() {
    let bot = Bot::with(&json!({}));
    let mut update = fixture("text");
    let message = update["message"].as_object_mut().unwrap();
    message.remove("text");
    message.insert("web_app_data".to_owned(), json!({ "data": "{\"size\":\"XL\"}", "button_text": "Order" }));
    let message = only(bot.update(&update).await);
    assert_eq!((message.text.as_str(), message.is_payload), ("{\"size\":\"XL\"}", false));
    assert_eq!(metadata(&message, "web_app_data")["button_text"], "Order");
}

#[tokio::test]
async fn what_is_sent_is_in_the_metadata() {
    let bot = Bot::with(&json!({}));
    for kind in [
        "document",
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "sticker",
        "contact",
        "dice",
        "poll",
    ] {
        let message = only(bot.update(&fixture(kind)).await);
        assert_eq!((message.text.as_str(), message.is_payload), ("", false), "{kind}");
        assert_eq!(metadata(&message, kind), fixture(kind)["message"][kind], "{kind}");
    }
    let photo = only(bot.update(&fixture("photo")).await);
    assert_eq!((photo.text.as_str(), &metadata(&photo, "photo")["file_id"]), ("my cat", &"large".into()));
    for kind in ["location", "venue"] {
        let message = only(bot.update(&fixture(kind)).await);
        assert_eq!(message.text, r#"{"lng":12.5, "lat":41.9}"#, "as in Rasa");
        assert_eq!(metadata(&message, kind), fixture(kind)["message"][kind], "{kind}");
    }
}

#[tokio::test]
async fn what_a_conversation_is_can_be_chosen() {
    for (granularity, in_group, in_topic) in [
        ("chat", GROUP.to_string(), GROUP.to_string()),
        ("sender", "5001".to_owned(), "5001".to_owned()),
        ("topic", GROUP.to_string(), format!("{GROUP}_17")),
    ] {
        for key in ["conversation", "conversation_granularity"] {
            let bot = Bot::with(&json!({ key: granularity }));
            let message = only(bot.update(&fixture("group")).await);
            assert_eq!(message.sender_id, in_group, "{granularity}");
            assert_eq!(message.recipient, Some(Recipient::new(GROUP.to_string())), "{granularity}");
            let message = only(bot.update(&fixture("topic")).await);
            assert_eq!(message.sender_id, in_topic, "{granularity}");
            let to = message.reply_to();
            assert_eq!((to.id, &to.details["message_thread_id"]), (GROUP.to_string(), &json!(17)));
        }
    }
}

#[tokio::test]
async fn a_thread_of_replies_is_no_topic() {
    let message = only(Bot::with(&json!({})).update(&fixture("reply_thread")).await);
    assert_eq!(message.recipient, Some(Recipient::new(GROUP.to_string())));
    assert_eq!(metadata(&message, "reply_to_message_id"), 70);
}

#[tokio::test]
async fn edits_are_messages_where_they_are_wanted() {
    let (deaf, bot) = (Bot::with(&json!({})), Bot::with(&json!({ "edits": true })));
    for (name, text) in [("edited", "hello again"), ("edited_photo", "my other cat")] {
        assert_eq!(deaf.update(&fixture(name)).await, [], "{name}");
        let message = only(bot.update(&fixture(name)).await);
        assert_eq!((message.text.as_str(), metadata(&message, "edited")), (text, json!(true)));
    }
}

#[tokio::test]
async fn comings_and_goings_are_messages_where_they_are_wanted() {
    let (deaf, bot) = (Bot::with(&json!({})), Bot::with(&json!({ "membership": true })));
    for name in ["my_chat_member", "chat_member", "new_chat_members", "left_chat_member"] {
        assert_eq!(deaf.update(&fixture(name)).await, [], "{name}");
        let message = only(bot.update(&fixture(name)).await);
        assert_eq!((message.text.as_str(), message.is_payload), ("/telegram_member", true), "{name}");
        assert_eq!(metadata(&message, "chat_member")["kind"], name);
    }
    assert_eq!(bot.update(&fixture("member_of_channel")).await, []);
}

#[tokio::test]
async fn bots_channels_and_what_nobody_says_are_not_heard() {
    let bot = Bot::with(&json!({ "edits": true, "membership": true }));
    for name in [
        "own_message",
        "automatic_forward",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "migrate_to",
        "migrate_from",
        "pinned",
        "new_title",
        "to_be_invented",
    ] {
        assert_eq!(bot.update(&fixture(name)).await, [], "{name}");
    }
}

#[tokio::test]
async fn the_raw_event_comes_along_where_it_is_wanted() {
    let message = only(Bot::with(&json!({ "raw_event": true })).update(&fixture("text")).await);
    assert_eq!(metadata(&message, "raw_event"), fixture("text"));
}
