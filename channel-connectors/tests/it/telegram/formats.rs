//! What the bot's texts are written in.

use channel_core::{BotMessage, Recipient};
use serde_json::{Value, json};

use super::bot_api::{BotApi, refusal};

const MARKED: &str = "**1 < 2**";

async fn body(format: &str, message: BotMessage) -> Value {
    let (mut api, to) = (BotApi::new().await, Recipient::new("5001"));
    api.output(&json!({ "format": format }), &to).send(&to, &message).await.unwrap();
    let mut body = api.call().await.body;
    body.as_object_mut().unwrap().shift_remove("chat_id");
    body
}

#[tokio::test]
async fn a_format_says_how_texts_are_marked() {
    for (format, expected) in [
        ("plain", json!({ "text": MARKED })),
        ("markdown", json!({ "text": "<b>1 &lt; 2</b>", "parse_mode": "HTML" })),
        ("MarkdownV2", json!({ "text": MARKED, "parse_mode": "MarkdownV2" })),
        ("HTML", json!({ "text": MARKED, "parse_mode": "HTML" })),
    ] {
        assert_eq!(body(format, MARKED.into()).await, expected, "{format}");
    }
}

#[tokio::test]
async fn a_response_may_have_marks_of_its_own() {
    let mut message = BotMessage::text("<b>Hi</b>");
    message.metadata.insert("parse_mode".to_owned(), "HTML".into());
    let expected = json!({ "text": "<b>Hi</b>", "parse_mode": "HTML" });
    for format in ["plain", "markdown"] {
        assert_eq!(body(format, message.clone()).await, expected, "{format}");
    }
}

#[tokio::test]
async fn markdown_that_shows_nothing_is_sent_as_it_is() {
    let invisible = "[a]: https://example.com";
    assert_eq!(body("markdown", invisible.into()).await, json!({ "text": invisible }));
}

#[tokio::test]
async fn marks_that_telegram_can_not_read_are_sent_plain_once() {
    let unread = || refusal(400, "Bad Request: can't parse entities: unexpected end tag", &json!(null));
    let to = Recipient::new("5001");
    for (format, text) in [("markdown", MARKED), ("HTML", "<b>1")] {
        let mut api = BotApi::reacting("sendMessage", [unread()]).await;
        let output = api.output(&json!({ "format": format }), &to);
        output.send(&to, &text.into()).await.unwrap();
        let calls = api.calls();
        assert_eq!(calls.len(), 2, "{calls:?}");
        assert_eq!(calls[1].1, json!({ "text": text, "chat_id": 5001 }));
    }
    let mut api = BotApi::reacting("sendMessage", [unread(), unread()]).await;
    let output = api.output(&json!({ "format": "HTML" }), &to);
    output.send(&to, &MARKED.into()).await.unwrap_err();
    assert_eq!(api.calls().len(), 2, "not again and again");
}
