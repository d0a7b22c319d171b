//! What is written and sent, and what people see.

use bytes::Bytes;
use channel_testkit::{
    File,
    telegram::{Medium, Shown},
};
use serde_json::{Value, json};

use super::support::{Account, TOKEN};

#[tokio::test]
async fn a_text_is_seen_without_its_marks() {
    let account = Account::new().await;
    let chat = account.chat.id;
    for (mode, text) in [
        ("HTML", "a <b>bold</b> <a href=\"https://x.org\">link</a>"),
        ("MarkdownV2", "a *bold* [link](https://x.org)"),
    ] {
        account.call("sendMessage", json!({ "chat_id": chat, "text": text, "parse_mode": mode })).await;
        let seen = account.telegram.next_reply(&account.chat).await.unwrap();
        assert_eq!(seen.text, "a bold link", "{mode}");
        let entities: Vec<_> = seen.entities.iter().map(|one| (one.kind.as_str(), one.offset)).collect();
        assert_eq!(entities, [("bold", 2), ("text_link", 7)], "{mode}");
    }
    let wrong = json!({ "chat_id": chat, "text": "<b>x", "parse_mode": "HTML" });
    let why = account.refusal("sendMessage", wrong).await;
    assert_eq!(why, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"");
}

#[tokio::test]
async fn forms_and_queries_are_as_good_as_json() {
    let account = Account::new().await;
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("text", "by a form"), ("reply_markup", r#"{"keyboard": [["Yes"]]}"#)])
        .finish();
    let request =
        reqwest::Client::new().post(account.url(&format!("sendMessage?chat_id={}", account.chat.id)));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(account.telegram.next_reply(&account.chat).await.unwrap().text, "by a form");
    assert_eq!(account.telegram.keyboard(&account.chat), ["Yes"]);

    let body = [
        format!("--edge\r\ncontent-disposition: form-data; name=\"chat_id\"\r\n\r\n{}\r\n", account.chat.id),
        "--edge\r\ncontent-disposition: form-data; name=\"document\"; filename=\"a.txt\"\r\n\r\nwords\r\n"
            .into(),
        "--edge--\r\n".into(),
    ];
    let request = reqwest::Client::new().post(account.url("sendDocument"));
    let request = request.header("content-type", "multipart/form-data; boundary=edge").body(body.concat());
    assert_eq!(request.send().await.unwrap().status(), 200);
    let seen = account.telegram.next_reply(&account.chat).await.unwrap();
    assert_eq!(seen.shown, Some(Shown::File(Medium::Document, "a.txt".into())));
}

#[tokio::test]
async fn everything_that_can_be_sent_is_seen() {
    let account = Account::new().await;
    for (method, parameter, medium) in [
        ("sendPhoto", "photo", Medium::Photo),
        ("sendDocument", "document", Medium::Document),
        ("sendAudio", "audio", Medium::Audio),
        ("sendVoice", "voice", Medium::Voice),
        ("sendVideo", "video", Medium::Video),
        ("sendVideoNote", "video_note", Medium::VideoNote),
        ("sendAnimation", "animation", Medium::Animation),
        ("sendSticker", "sticker", Medium::Sticker),
    ] {
        let body = json!({ "chat_id": account.chat.id, parameter: "https://x.org/cat", "caption": "look" });
        account.call(method, body).await;
        let seen = account.telegram.next_reply(&account.chat).await.unwrap();
        assert_eq!(seen.shown, Some(Shown::File(medium, "https://x.org/cat".into())), "{method}");
        let why = account.refusal(method, json!({ "chat_id": account.chat.id, parameter: "nothing" })).await;
        assert_eq!(why, "Bad Request: wrong file identifier/HTTP URL specified");
    }
    let place = json!({ "chat_id": account.chat.id, "latitude": 41.9, "longitude": 12.5 });
    account.call("sendLocation", place.clone()).await;
    let mut venue = place;
    venue["title"] = "Forum".into();
    venue["address"] = "Rome".into();
    account.call("sendVenue", venue).await;
    let contact = json!({ "chat_id": account.chat.id, "phone_number": "+39", "first_name": "Ada" });
    account.call("sendContact", contact).await;
    let seen = account.telegram.transcript(&account.chat);
    let place = |title: Option<&str>| {
        let title = title.map(str::to_owned);
        Some(Shown::Place { latitude: 41.9, longitude: 12.5, title })
    };
    let expected = [place(None), place(Some("Forum")), Some(Shown::Contact("+39".into()))];
    assert_eq!(seen[8..].iter().map(|one| one.shown.clone()).collect::<Vec<_>>(), expected);
    account.call("sendChatAction", json!({ "chat_id": account.chat.id, "action": "typing" })).await;
}

#[tokio::test]
async fn an_album_has_two_to_ten() {
    let account = Account::new().await;
    let album = |count: usize| {
        let photo = json!({ "type": "photo", "media": "https://x.org/a.png" });
        json!({ "chat_id": account.chat.id, "media": vec![photo; count] })
    };
    assert_eq!(account.call("sendMediaGroup", album(2)).await.as_array().unwrap().len(), 2);
    assert_eq!(account.call("sendMediaGroup", album(10)).await.as_array().unwrap().len(), 10);
    for count in [1, 11] {
        assert!(account.refusal("sendMediaGroup", album(count)).await.contains("2-10"));
    }
}

#[tokio::test]
async fn edits_and_deletions_are_seen() {
    let account = Account::new().await;
    let id = account.say("first").await["message_id"].clone();
    let edit = json!({ "chat_id": account.chat.id, "message_id": id, "text": "second" });
    account.call("editMessageText", edit.clone()).await;
    let seen = account.telegram.transcript(&account.chat);
    assert_eq!((seen[0].text.as_str(), seen[0].is_edited), ("second", true));
    assert!(account.refusal("editMessageText", edit).await.contains("message is not modified"));
    let message = json!({ "chat_id": account.chat.id, "message_id": id });
    account.call("deleteMessage", message.clone()).await;
    assert_eq!(account.telegram.transcript(&account.chat), []);
    assert_eq!(account.refusal("deleteMessage", message).await, "Bad Request: message to delete not found");
}

#[tokio::test]
async fn what_people_do_is_told() {
    let account = Account::new().await;
    let Account { telegram, ada, chat, .. } = &account;
    telegram.say(ada, chat, "/start ref42").await;
    let cat = File { name: "cat.png".into(), mimetype: "image/png".into(), content: Bytes::from("meow") };
    telegram.send_file(ada, chat, Medium::Photo, cat, "my cat").await;
    telegram.send_location(ada, chat, 41.9, 12.5).await;
    telegram.send_contact(ada, chat, "+39").await;
    telegram.edit(&telegram.transcript(chat)[0], "/stop").await;
    let updates = account.updates().await;
    let ids: Vec<_> = updates.iter().map(|update| update["update_id"].as_i64().unwrap()).collect();
    assert!(ids.windows(2).all(|two| two[0] + 1 == two[1]), "{ids:?}");
    assert_eq!(
        updates[0]["message"]["entities"],
        json!([{ "type": "bot_command", "offset": 0, "length": 6 }])
    );
    assert_eq!(updates[1]["message"]["caption"], "my cat");
    assert_eq!(updates[2]["message"]["location"]["latitude"], 41.9);
    assert_eq!(updates[3]["message"]["contact"]["phone_number"], "+39");
    assert_eq!(updates[4]["edited_message"]["text"], "/stop");

    let sizes = updates[1]["message"]["photo"].as_array().unwrap();
    assert!(sizes[0]["width"].as_u64() < sizes[1]["width"].as_u64(), "the largest is the last");
    let file = account.call("getFile", json!({ "file_id": sizes[1]["file_id"] })).await;
    let path = file["file_path"].as_str().unwrap();
    let url = format!("{}/file/bot{TOKEN}/{path}", telegram.api_url());
    assert_eq!(reqwest::get(url).await.unwrap().text().await.unwrap(), "meow");
}

#[tokio::test]
async fn groups_and_topics_are_chats() {
    let account = Account::new().await;
    let telegram = &account.telegram;
    let group = telegram.group("Friends");
    telegram.join(&account.ada, &group).await;
    telegram.leave(&account.ada, &group).await;
    let forum = telegram.supergroup("Weather");
    let rain = telegram.topic(&forum);
    let sun = telegram.topic(&forum);
    telegram.say(&account.ada, &rain, "is it raining?").await;
    let updates = account.updates().await;
    assert_eq!(updates[0]["message"]["new_chat_members"][0]["first_name"], "Ada");
    assert_eq!(updates[1]["message"]["left_chat_member"]["first_name"], "Ada");
    let asked = &updates[2]["message"];
    assert_eq!((&asked["chat"]["type"], &asked["chat"]["is_forum"]), (&json!("supergroup"), &json!(true)));
    assert!(asked["chat"]["id"].as_i64().unwrap() < -1_000_000_000_000);
    let answer = |topic: &Value| json!({ "chat_id": forum.id, "message_thread_id": topic, "text": "no" });
    account.call("sendMessage", answer(&asked["message_thread_id"])).await;
    assert_eq!(telegram.next_reply(&rain).await.unwrap().text, "no");
    assert_eq!(telegram.transcript(&sun), []);
    assert_eq!(
        account.refusal("sendMessage", answer(&json!(7))).await,
        "Bad Request: message thread not found"
    );

    let (supergroup, _) = telegram.upgrade(&account.ada, &group).await;
    let (status, moved) = account.try_call("sendMessage", json!({ "chat_id": group.id, "text": "Hi" })).await;
    assert_eq!((status, &moved["parameters"]["migrate_to_chat_id"]), (400, &json!(supergroup.id)));
}

#[tokio::test]
async fn who_blocks_the_bot_is_not_reached() {
    let account = Account::new().await;
    account.telegram.block(&account.ada, &account.chat).await;
    let body = json!({ "chat_id": account.chat.id, "text": "Hi" });
    let why = account.refusal("sendMessage", body.clone()).await;
    assert_eq!(why, "Forbidden: bot was blocked by the user");
    assert_eq!(account.updates().await[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    account.telegram.unblock(&account.ada, &account.chat).await;
    account.call("sendMessage", body).await;
}
