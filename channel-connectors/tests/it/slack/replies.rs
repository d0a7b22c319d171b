//! What replies look like in Slack.

use channel_core::{BotMessage, Button, Element, Rate, Recipient};
use serde_json::{Value, json};

use super::{
    support::TOKEN,
    web_api::{Call, WebApi},
};

/// Ada in her direct messages, in a thread.
fn ada() -> Recipient {
    let mut to = Recipient::new("D0DM");
    to.details.insert("user".to_owned(), "U0ADA".into());
    to.details.insert("thread_ts".to_owned(), "1760000001.000200".into());
    to
}

/// What is called when this is sent to Ada; only the bodies, without what they all have.
async fn bodies(message: BotMessage) -> Vec<Value> {
    let api = WebApi::reacting([]).await;
    api.output(&json!({}), &ada()).send(&ada(), &message).await.unwrap();
    let own = |call: Call| {
        assert_eq!(call.path, "/api/chat.postMessage");
        let mut body = call.body;
        let keys = body.as_object_mut().unwrap();
        for (key, value) in [("channel", "D0DM"), ("thread_ts", "1760000001.000200")] {
            assert_eq!(keys.shift_remove(key), Some(value.into()));
        }
        assert_eq!(keys.shift_remove("as_user"), Some(true.into()));
        body
    };
    api.calls().into_iter().map(own).collect()
}

fn text(text: &str) -> Value {
    json!({ "text": text, "type": "mrkdwn" })
}

fn pressable(title: &str, value: &str) -> Value {
    json!({ "type": "button", "text": { "type": "plain_text", "text": title }, "value": value })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "plain_text", "text": text } })
}

#[tokio::test]
async fn a_call_carries_the_token() {
    let api = WebApi::reacting([]).await;
    let sent = api.output(&json!({}), &ada()).send(&ada(), &"Hi".into()).await.unwrap();
    assert_eq!(sent.message_ids, ["1760000004.000001"]);
    let calls = api.calls();
    assert_eq!(calls[0].headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(calls[0].headers["content-type"], "application/json");
}

#[tokio::test]
async fn text_is_split_at_blank_lines_and_where_it_is_too_long() {
    assert_eq!(bodies("one\n\ntwo".into()).await, [text("one"), text("two")]);
    let word = "wörd ".repeat(1000);
    let pieces = bodies(word.as_str().into()).await;
    assert_eq!(pieces.len(), 2);
    let joined: Vec<_> = pieces.iter().map(|piece| piece["text"].as_str().unwrap()).collect();
    assert!(joined.iter().all(|piece| piece.chars().count() <= 4000));
    assert_eq!(joined.join(" "), word.trim());
    assert_eq!(bodies(BotMessage::default()).await, [] as [Value; 0]);
}

#[tokio::test]
async fn buttons_are_shown_below_the_text() {
    let buttons = [Button::new("Yes", "/affirm"), Button::new("No", "/deny")];
    let actions =
        json!({ "type": "actions", "elements": [pressable("Yes", "/affirm"), pressable("No", "/deny")] });
    let expected = [json!({ "text": "Shall we?", "blocks": [section("Shall we?"), actions] })];
    assert_eq!(bodies(BotMessage::text("Shall we?").with_buttons(buttons.clone())).await, expected);
    assert_eq!(bodies(BotMessage::text("Shall we?").with_quick_replies(buttons.clone())).await, expected);
    let expected = [json!({ "text": "Yes, No", "blocks": [actions] })];
    assert_eq!(bodies(BotMessage::default().with_buttons(buttons)).await, expected, "without a text");
}

#[tokio::test]
async fn more_buttons_than_slack_shows_are_a_numbered_list() {
    let buttons = (1..=26).map(|number| Button::new(format!("B{number}"), format!("/b{number}")));
    let lines: Vec<_> = (1..=26).map(|number| format!("{number}. B{number}")).collect();
    let expected = [text(&format!("Which?\n{}", lines.join("\n")))];
    assert_eq!(bodies(BotMessage::text("Which?").with_buttons(buttons)).await, expected);
}

#[tokio::test]
async fn a_long_payload_travels_as_a_key() {
    let long = Button::new("B", "x".repeat(2_001));
    let [body] = &bodies(BotMessage::text("Which?").with_buttons([long])).await[..] else {
        panic!("not one")
    };
    let value = body["blocks"][1]["elements"][0]["value"].as_str().unwrap();
    assert_eq!((value.len(), &value[..1]), (17, "~"));
}

#[tokio::test]
async fn a_long_title_is_shortened_and_a_long_question_comes_before() {
    let question = "word ".repeat(700);
    let message = BotMessage::text(question.as_str()).with_buttons([Button::new("ä".repeat(80), "/a")]);
    let [first, second] = &bodies(message).await[..] else { panic!("not two") };
    let title = &second["blocks"][1]["elements"][0]["text"]["text"];
    assert_eq!(title.as_str().unwrap().chars().count(), 75);
    let section = second["blocks"][0]["text"]["text"].as_str().unwrap();
    assert_eq!(format!("{} {section}", first["text"].as_str().unwrap()), question.trim());
}

#[tokio::test]
async fn a_button_may_be_a_link() {
    let link = Button { title: "Read".to_owned(), ..Button::default() }.with("url", "https://example.com");
    let [body] = &bodies(BotMessage::text("News").with_buttons([link])).await[..] else { panic!("not one") };
    let expected = json!({
        "type": "button",
        "text": { "type": "plain_text", "text": "Read" },
        "url": "https://example.com",
    });
    assert_eq!(body["blocks"][1]["elements"], json!([expected]));
}

#[tokio::test]
async fn images_and_files_are_messages_of_their_own() {
    let url = "https://example.com/cat.png";
    let image = json!({ "text": url, "blocks": [{ "type": "image", "image_url": url, "alt_text": url }] });
    assert_eq!(bodies(BotMessage::text("A cat").with_image(url)).await, [text("A cat"), image.clone()]);
    assert_eq!(bodies(BotMessage::image(url).with_attachment(url)).await, [image], "the same once");
    let attachment = json!({ "title": "A file", "color": "#36a64f" });
    let expected = [json!({ "attachments": [attachment] })];
    assert_eq!(bodies(BotMessage::default().with_attachment(attachment)).await, expected);
    let expected = [json!({ "attachments": [{ "fallback": url, "text": url }] })];
    assert_eq!(bodies(BotMessage::default().with_attachment(url)).await, expected);
}

#[tokio::test]
async fn cards_come_one_below_the_other() {
    let url = "https://example.com/cat.png";
    let mut picture = Element::new("Cat", "soft");
    picture.extra.insert("image_url".to_owned(), url.into());
    picture.buttons.push(Button::new("Stroke", "/stroke"));
    let mut with_image = section("Cat : soft");
    with_image["accessory"] = json!({ "type": "image", "image_url": url, "alt_text": "Cat" });
    let actions = json!({ "type": "actions", "elements": [pressable("Stroke", "/stroke")] });
    let expected =
        [json!({ "text": "Dog : loud\nCat : soft", "blocks": [section("Dog : loud"), with_image, actions] })];
    let cards = [Element::new("Dog", "loud"), picture];
    assert_eq!(bodies(BotMessage::default().with_elements(cards)).await, expected);
}

#[tokio::test]
async fn markdown_is_slacks_markup_where_the_bot_writes_it() {
    let api = WebApi::reacting([]).await;
    let output = api.output(&json!({ "format": "markdown" }), &ada());
    output.send(&ada(), &"**Hi** & [bye](https://x.example)".into()).await.unwrap();
    let question = BotMessage::text("**Really**?").with_buttons([Button::new("Yes", "/affirm")]);
    output.send(&ada(), &question).await.unwrap();
    let long = BotMessage::text("&".repeat(2_000)).with_buttons([Button::new("Yes", "/affirm")]);
    output.send(&ada(), &long).await.unwrap();
    let bodies = api.bodies();
    assert_eq!(bodies[0]["text"], "*Hi* &amp; <https://x.example|bye>");
    assert_eq!(bodies[1]["blocks"][0]["text"], json!({ "type": "mrkdwn", "text": "*Really*?" }));
    assert_eq!(bodies[2]["blocks"][0]["text"]["type"], "plain_text", "there is no room for the markup");
}

#[tokio::test]
async fn an_address_of_slacks_is_answered_without_a_token() {
    let api = WebApi::reacting([]).await;
    let output = api.output(&json!({}), &ada());
    let url = format!("{}/actions/T0/1/xyz", api.url());
    let answer = json!({ "response_url": url, "replace_original": true, "text": "done" });
    output.send(&ada(), &BotMessage::custom(answer)).await.unwrap();
    let calls = api.calls();
    assert_eq!(calls[0].path, "/api/actions/T0/1/xyz");
    assert_eq!(calls[0].body, json!({ "replace_original": true, "text": "done" }));
    assert!(!calls[0].headers.contains_key("authorization"));
    let elsewhere = json!({ "response_url": "http://169.254.169.254/latest", "text": "done" });
    let error = output.send(&ada(), &BotMessage::custom(elsewhere)).await.unwrap_err();
    assert!(error.to_string().contains("none of Slack's"), "{error}");
}

#[tokio::test]
async fn custom_json_chooses_its_method() {
    let place = json!({ "channel": "D0DM", "thread_ts": "1760000001.000200" });
    let with = |more: Value| {
        let mut body = place.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let blocks = json!([{ "type": "divider" }]);
    for (custom, method, expected) in [
        (
            json!({ "blocks": blocks, "text": null }),
            "chat.postMessage",
            with(json!({ "blocks": blocks, "as_user": true })),
        ),
        (blocks.clone(), "chat.postMessage", with(json!({ "blocks": blocks, "as_user": true }))),
        (
            json!({ "channel": "C0ELSE", "as_user": false, "text": "Hi" }),
            "chat.postMessage",
            with(json!({ "channel": "C0ELSE", "as_user": false, "text": "Hi" })),
        ),
        (
            json!({ "ephemeral_user": "U0BOB", "text": "psst" }),
            "chat.postEphemeral",
            with(json!({ "user": "U0BOB", "text": "psst" })),
        ),
        (
            json!({ "ephemeral_user": true, "text": "psst" }),
            "chat.postEphemeral",
            with(json!({ "user": "U0ADA", "text": "psst" })),
        ),
        (
            json!({ "ts": "1760000002.000100", "text": "done" }),
            "chat.update",
            json!({ "channel": "D0DM", "ts": "1760000002.000100", "text": "done" }),
        ),
        (
            json!({ "trigger_id": "1.2.abc", "view": { "type": "modal" } }),
            "views.open",
            json!({ "trigger_id": "1.2.abc", "view": { "type": "modal" } }),
        ),
    ] {
        let api = WebApi::reacting([]).await;
        let output = api.output(&json!({}), &ada());
        let message = BotMessage::custom(custom.clone());
        output.send(&ada(), &message).await.unwrap();
        let calls = api.calls();
        assert_eq!(output.method(&message), method, "{custom}");
        assert_eq!(
            calls.iter().map(|call| call.path.as_str()).collect::<Vec<_>>(),
            [format!("/api/{method}")]
        );
        assert_eq!(calls[0].body, expected, "{custom}");
    }
}

#[tokio::test]
async fn what_answers_nobody_goes_where_the_conversation_is() {
    for (slack_channel, conversation, channel, thread) in [
        (None, "U0ADA", "U0ADA", None),
        (Some("C0GENERAL"), "U0ADA", "C0GENERAL", None),
        (Some("C0GENERAL"), "U0ADA_C0ELSE", "C0ELSE", None),
        (None, "U0ADA_C0ELSE_1760000001.000200", "C0ELSE", Some("1760000001.000200")),
    ] {
        let api = WebApi::reacting([]).await;
        let to = Recipient::new(conversation);
        api.output(&json!({ "slack_channel": slack_channel }), &to).send(&to, &"Hi".into()).await.unwrap();
        let body = api.bodies().remove(0);
        assert_eq!((body["channel"].as_str(), body["thread_ts"].as_str()), (Some(channel), thread));
    }
}

#[tokio::test]
async fn slack_takes_about_a_message_a_second_in_a_channel() {
    let api = WebApi::reacting([]).await;
    let limits = api.output(&json!({}), &ada()).limits();
    let rate = limits.chat.expect("there is a limit");
    assert_eq!(rate.per.as_secs(), u64::from(rate.count.get()));
    assert!(limits.methods.contains(&("chat.update", Rate::per_minute(50).unwrap())));
}
