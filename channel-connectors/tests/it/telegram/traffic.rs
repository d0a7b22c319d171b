//! What Telegram delivers of every kind, and the message that it is.

#![expect(clippy::unnecessary_wraps, clippy::needless_pass_by_value, reason = "a table reads better so")]

use serde_json::{Value, json};

use super::support::Bot;

/// What is said: its text, whether it is a payload, and what of its metadata.
type Expected = Option<(&'static str, bool, Value)>;

const NOTHING: Expected = None;
const GROUP: i64 = -4_503_599_627_370_496;

fn typed(text: &'static str) -> Expected {
    typed_with(text, json!({}))
}

fn typed_with(text: &'static str, metadata: Value) -> Expected {
    Some((text, false, metadata))
}

fn payload(text: &'static str) -> Expected {
    Some((text, true, json!({})))
}

/// These keys over those.
fn with(mut base: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("keys") };
    base.as_object_mut().expect("keys").extend(more);
    base
}

fn ida() -> Value {
    json!({ "id": 4_503_599_627_370_495_i64, "is_bot": false, "first_name": "Ida", "is_premium": true })
}

fn a_bot() -> Value {
    json!({ "id": 4242, "is_bot": true, "first_name": "Bot", "username": "my_bot" })
}

fn update(kind: &str, what: Value) -> Value {
    json!({ "update_id": 990_001, kind: what })
}

/// A message of Ida's in private, but for these keys.
fn message(more: Value) -> Value {
    let chat = json!({ "id": ida()["id"], "type": "private", "first_name": "Ida" });
    with(json!({ "message_id": 9, "date": 1_770_000_000, "from": ida(), "chat": chat }), more)
}

fn private(more: Value) -> Value {
    update("message", message(more))
}

fn group(more: Value) -> Value {
    private(with(json!({ "chat": { "id": GROUP, "type": "supergroup", "title": "Garden" } }), more))
}

/// A text with a command of that length at that place.
fn command(text: &str, offset: u64, length: u64) -> Value {
    json!({ "text": text, "entities": [{ "type": "bot_command", "offset": offset, "length": length }] })
}

async fn check(settings: Value, updates: Vec<(&str, Value, Expected)>) {
    let bot = Bot::with(&settings);
    for (name, update, expected) in updates {
        let messages = bot.update(&update).await;
        let Some((text, is_payload, metadata)) = expected else {
            assert!(messages.is_empty(), "{name}: {messages:?}");
            continue;
        };
        let [message] = &messages[..] else { panic!("{name}: {messages:?}") };
        assert_eq!((message.text.as_str(), message.is_payload), (text, is_payload), "{name}");
        let known = message.metadata.as_ref().expect(name);
        for (key, value) in metadata.as_object().expect("keys") {
            assert_eq!(known.get(key).unwrap_or(&Value::Null), value, "{name}: {key}");
        }
    }
}

#[tokio::test]
async fn what_people_write() {
    let nulls = json!({
        "text": "hi", "sender_chat": null, "photo": null, "voice": null, "entities": null, "new_chat_members": null,
        "reply_to_message": null, "message_thread_id": null, "web_app_data": null,
    });
    let quote = json!({
        "text": "hi", "quote": { "text": "h", "position": 0 }, "reply_to_message": { "message_id": 5, "from": a_bot() },
    });
    let mention = json!([{ "type": "text_mention", "offset": 0, "length": 3, "user": ida() }]);
    let emoji = json!([{ "type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5" }]);
    let origin = json!({ "type": "hidden_user", "sender_user_name": "Ben", "date": 1 });
    let channel = json!({ "id": -1001, "type": "channel", "title": "News" });
    let other_kinds = json!({ "callback_query": null, "edited_message": null, "chat_member": null });
    let updates = vec![
        (
            "plain",
            private(json!({ "text": "hi" })),
            typed_with("hi", json!({ "from": ida(), "message_id": 9 })),
        ),
        ("nulls", private(nulls), typed_with("hi", json!({ "from": ida(), "voice": null }))),
        ("other kinds are null", with(private(json!({ "text": "hi" })), other_kinds), typed("hi")),
        ("forwarded", private(json!({ "text": "hi", "forward_origin": origin })), typed("hi")),
        ("forwarded, of old", private(json!({ "text": "hi", "forward_from": a_bot() })), typed("hi")),
        ("by way of a bot", group(json!({ "text": "hi", "via_bot": a_bot() })), typed("hi")),
        ("a quote", private(quote), typed_with("hi", json!({ "reply_to_message_id": 5 }))),
        (
            "a reply elsewhere",
            private(json!({ "text": "hi", "external_reply": { "origin": origin } })),
            typed("hi"),
        ),
        ("a reply to a story", private(json!({ "text": "hi", "reply_to_story": { "id": 1 } })), typed("hi")),
        ("a mention", group(json!({ "text": "Ida!", "entities": mention })), typed("Ida!")),
        ("an emoji", private(json!({ "text": "\u{1f331}", "entities": emoji })), typed("\u{1f331}")),
        (
            "a channel's",
            group(json!({ "text": "hi", "from": a_bot(), "sender_chat": channel })),
            typed_with("hi", json!({ "from": channel })),
        ),
        ("NUL", private(json!({ "text": "a\u{0}b" })), typed("a\u{0}b")),
    ];
    check(json!({}), updates).await;
}

#[tokio::test]
async fn what_people_command() {
    let photo = json!({ "file_id": "p", "width": 1, "height": 1 });
    let marks = json!([{ "type": "bot_command", "offset": 0, "length": 13 }]);
    let caption = |text: &str| json!({ "photo": [photo], "caption": text, "caption_entities": marks });
    let in_caption = Some(("/plant rose", true, json!({ "photo": photo })));
    let updates = vec![
        ("a deep link", private(command("/start ref-7_x", 0, 6)), payload("/start ref-7_x")),
        ("in a group", group(command("/start@my_bot", 0, 13)), payload("/start")),
        ("in a group, deep", group(command("/start@my_bot ref", 0, 13)), payload("/start ref")),
        ("another bot's", group(command("/start@no_bot", 0, 13)), NOTHING),
        ("later", private(command("try /start", 4, 6)), typed("try /start")),
        ("a payload behind it", private(command("/inform {\"vip\":1}", 0, 7)), typed("/inform {\"vip\":1}")),
        ("in a caption", group(caption("/plant@My_Bot rose")), in_caption),
        ("in a caption, another bot's", group(caption("/plant@no_bot rose")), NOTHING),
        ("no command by its marks", private(json!({ "text": "/start", "entities": [] })), typed("/start")),
        ("unmarked", private(json!({ "text": "/start ref" })), payload("/start ref")),
        ("unmarked, named", group(json!({ "text": "/start@my_bot" })), payload("/start")),
        ("unmarked, another bot's", group(json!({ "text": "/start@no_bot" })), NOTHING),
        ("a path", private(json!({ "text": "/usr/bin" })), typed("/usr/bin")),
        ("a slash", private(json!({ "text": "/" })), typed("/")),
        ("a name alone", private(json!({ "text": "/@my_bot" })), typed("/@my_bot")),
        ("nobody's", private(json!({ "text": "/start@" })), typed("/start@")),
        ("no ASCII", private(json!({ "text": "/süß" })), typed("/süß")),
        ("a payload", private(json!({ "text": "/inform{\"vip\":1}" })), typed("/inform{\"vip\":1}")),
    ];
    check(json!({}), updates).await;
}

#[tokio::test]
async fn what_people_send() {
    let large = json!({ "file_id": "l", "width": 9, "height": 9 });
    let sizes = json!([{ "file_id": "s", "width": 1, "height": 1 }, large]);
    let live = json!({ "latitude": -33.5, "longitude": 151.0, "live_period": 900 });
    let mut updates = vec![
        (
            "of an album",
            private(json!({ "photo": sizes, "media_group_id": "7" })),
            typed_with("", json!({ "photo": large })),
        ),
        (
            "an animation",
            private(json!({ "animation": {}, "document": {}, "caption": "look" })),
            typed("look"),
        ),
        (
            "a live place",
            private(json!({ "location": live })),
            typed_with("{\"lng\":151.0, \"lat\":-33.5}", json!({ "location": live })),
        ),
        ("a web app's", private(json!({ "web_app_data": { "data": "{\"n\":1}" } })), typed("{\"n\":1}")),
    ];
    for kind in ["successful_payment", "users_shared", "user_shared", "chat_shared", "story", "paid_media"] {
        let sent = json!({ kind: { "id": 1 } });
        updates.push((kind, private(sent.clone()), typed_with("", sent)));
    }
    check(json!({}), updates).await;
}

#[tokio::test]
async fn what_people_press() {
    let query = |more| {
        update("callback_query", with(json!({ "id": "5", "from": ida(), "chat_instance": "-9" }), more))
    };
    let gone = json!({ "chat": { "id": GROUP, "type": "supergroup" }, "message_id": 9, "date": 0 });
    let updates = vec![
        ("on what is gone", query(json!({ "message": gone, "data": "/sow" })), payload("/sow")),
        (
            "inline",
            query(json!({ "inline_message_id": "i", "message": null, "data": "/sow" })),
            payload("/sow"),
        ),
        ("next to null", with(query(json!({ "data": "/sow" })), json!({ "message": null })), payload("/sow")),
        ("no command", query(json!({ "data": "/restart" })), payload("/restart")),
        ("a game", query(json!({ "game_short_name": "chess" })), NOTHING),
        ("a bot", query(json!({ "data": "/sow", "from": a_bot() })), NOTHING),
    ];
    check(json!({}), updates).await;
}

#[tokio::test]
async fn what_nobody_says_to_the_bot() {
    let news = json!({ "text": "hi", "is_automatic_forward": true, "sender_chat": { "id": -1001 } });
    let mut updates = vec![
        ("a bot", group(json!({ "text": "hi", "from": a_bot() })), NOTHING),
        ("passed on by Telegram", group(news), NOTHING),
        ("everything is null", private(json!({ "text": null, "from": null, "chat": null })), NOTHING),
        ("a number", private(json!({ "text": 5 })), NOTHING),
    ];
    for service in [
        "new_chat_members",
        "left_chat_member",
        "forum_topic_created",
        "forum_topic_closed",
        "video_chat_started",
        "video_chat_ended",
        "voice_chat_started",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "group_chat_created",
        "delete_chat_photo",
        "boost_added",
        "giveaway",
        "giveaway_completed",
        "write_access_allowed",
        "pinned_message",
        "chat_background_set",
        "connected_website",
        "passport_data",
        "refunded_payment",
        "gift",
    ] {
        updates.push((service, group(json!({ service: { "id": 1 } })), NOTHING));
    }
    for kind in [
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "channel_post",
        "edited_channel_post",
        "my_chat_member",
        "to_be_invented",
    ] {
        updates.push((kind, update(kind, message(json!({ "text": "hi", "id": "1", "data": "x" }))), NOTHING));
    }
    check(json!({ "edits": true }), updates).await;
}

#[tokio::test]
async fn who_comes_and_goes_and_what_moves() {
    let change = json!({
        "chat": { "id": GROUP, "type": "group" }, "from": ida(), "date": 1,
        "old_chat_member": { "status": "left" }, "new_chat_member": { "status": "member" },
    });
    let moved = message(json!({ "location": { "latitude": 1, "longitude": 2 } }));
    let updates = vec![
        ("the bot comes", group(json!({ "new_chat_members": [a_bot()] })), payload("/telegram_member")),
        ("it goes", group(json!({ "left_chat_member": a_bot() })), payload("/telegram_member")),
        (
            "somebody comes",
            with(update("chat_member", change), json!({ "my_chat_member": null })),
            payload("/telegram_member"),
        ),
        ("null", update("chat_member", Value::Null), NOTHING),
        (
            "a live place",
            update("edited_message", moved),
            typed_with("{\"lng\":2, \"lat\":1}", json!({ "edited": true })),
        ),
    ];
    check(json!({ "membership": true, "edits": true }), updates).await;
}
