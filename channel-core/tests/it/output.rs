//! The order in which a message's parts go out, what stands in for them, splitting and collecting.

use std::sync::{Arc, Mutex};

use channel_core::{
    BotMessage, Button, CollectedMessage, CollectingOutputChannel, Element, EventVerbosity, OutputChannel,
    Recipient, Retry, SendError, Sent, Splitting, Tracker, async_trait, split_text,
};
use serde_json::{Value, json};

/// A platform that shows text alone, gives every message a number, and fails at one text where told to.
#[derive(Default)]
struct TextOnly {
    texts: Mutex<Vec<String>>,
    fails_at: Option<&'static str>,
}

impl TextOnly {
    async fn texts_of(message: BotMessage) -> Vec<String> {
        let channel = Self::default();
        channel.send(&Recipient::new("u"), &message).await.unwrap();
        channel.texts.into_inner().unwrap()
    }
}

#[async_trait]
impl OutputChannel for TextOnly {
    fn name(&self) -> &'static str {
        "text_only"
    }

    async fn send_text(&self, to: &Recipient, text: &str, _message: &BotMessage) -> Result<Sent, SendError> {
        assert_eq!(to.id, "u");
        if self.fails_at == Some(text) {
            return Err(SendError::retryable("try later"));
        }
        let mut texts = self.texts.lock().unwrap();
        texts.push(text.to_owned());
        Ok(Sent::with_id(texts.len().to_string()))
    }
}

/// A platform that shows everything, and remembers which calls it got and whether each saw the whole message.
#[derive(Default)]
struct ShowsEverything {
    calls: Mutex<Vec<(&'static str, bool)>>,
}

impl ShowsEverything {
    async fn calls_of(message: BotMessage) -> Vec<&'static str> {
        let channel = Self::default();
        channel.send(&Recipient::new("u"), &message).await.unwrap();
        let calls = channel.calls.into_inner().unwrap();
        assert!(calls.iter().all(|(_, saw_all)| *saw_all));
        calls.into_iter().map(|(call, _)| call).collect()
    }

    fn called(&self, call: &'static str, message: &BotMessage) -> Sent {
        self.calls.lock().unwrap().push((call, message.metadata.contains_key("whole")));
        Sent::with_id(call)
    }
}

#[async_trait]
impl OutputChannel for ShowsEverything {
    fn name(&self) -> &'static str {
        "shows_everything"
    }

    async fn send_text(&self, _: &Recipient, _: &str, message: &BotMessage) -> Result<Sent, SendError> {
        Ok(self.called("text", message))
    }

    async fn send_buttons(
        &self,
        _: &Recipient,
        _: Option<&str>,
        _: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.called("buttons", message))
    }

    async fn send_quick_replies(
        &self,
        _: &Recipient,
        _: Option<&str>,
        _: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.called("quick_replies", message))
    }

    async fn send_custom(&self, _: &Recipient, _: &Value, message: &BotMessage) -> Result<Sent, SendError> {
        Ok(self.called("custom", message))
    }

    async fn send_image(&self, _: &Recipient, _: &str, message: &BotMessage) -> Result<Sent, SendError> {
        Ok(self.called("image", message))
    }

    async fn send_attachment(
        &self,
        _: &Recipient,
        _: &Value,
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.called("attachment", message))
    }

    async fn send_elements(
        &self,
        _: &Recipient,
        _: &[Element],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        Ok(self.called("elements", message))
    }
}

fn yes_and_no() -> [Button; 2] {
    [Button::new("Yes", "/affirm").with("type", "postback"), titled("No")]
}

fn titled(title: &str) -> Button {
    Button { title: title.to_owned(), ..Button::default() }
}

/// A message that has every part.
fn everything() -> BotMessage {
    let mut message = BotMessage::text("Shall we?")
        .with_buttons(yes_and_no())
        .with_custom(json!({ "é": [1, true] }))
        .with_image("i")
        .with_attachment("a")
        .with_elements([Element::new("x", "y")]);
    message.metadata.insert("whole".to_owned(), true.into());
    message
}

#[tokio::test]
async fn text_stands_in_for_every_part_in_rasas_words() {
    assert_eq!(
        TextOnly::texts_of(everything()).await,
        [
            "Shall we?",
            r#"1: Yes (/affirm) - {"type": "postback"}"#,
            "2: No",
            r#"{"\u00e9": [1, true]}"#,
            "Image: i",
            "Attachment: a",
            "x : y",
        ]
    );
}

#[tokio::test]
async fn parts_go_out_in_rasas_order_with_the_whole_message() {
    let parts = ["buttons", "custom", "image", "attachment", "elements"];
    assert_eq!(ShowsEverything::calls_of(everything()).await, parts);

    let mut without_buttons = everything();
    without_buttons.buttons.clear();
    assert_eq!(ShowsEverything::calls_of(without_buttons).await[..2], ["text", "custom"]);

    let with_both = everything().with_quick_replies(yes_and_no());
    assert_eq!(ShowsEverything::calls_of(with_both).await[..2], ["quick_replies", "custom"]);
}

#[tokio::test]
async fn all_ids_come_back_in_order() {
    let to = Recipient::new("u");
    let sent = TextOnly::default().send(&to, &everything()).await.unwrap();
    assert_eq!(sent.message_ids, ["1", "2", "3", "4", "5", "6", "7"]);

    let sent = ShowsEverything::default().send(&to, &everything()).await.unwrap();
    assert_eq!(sent.message_ids, ["buttons", "custom", "image", "attachment", "elements"]);
}

#[tokio::test]
async fn the_first_failure_ends_it() {
    let channel = TextOnly { fails_at: Some("2: No"), ..TextOnly::default() };
    let error = channel.send(&Recipient::new("u"), &everything()).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Later);
    assert_eq!(channel.texts.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_python_takes_for_nothing_is_not_sent() {
    let nothing = [json!(null), json!(false), json!(0), json!(0.0), json!(""), json!([]), json!({})];
    for nothing in nothing {
        let message =
            BotMessage::text("").with_image("").with_custom(nothing.clone()).with_attachment(nothing);
        assert!(TextOnly::texts_of(message).await.is_empty());
    }
    assert!(TextOnly::texts_of(BotMessage::default()).await.is_empty());

    let something = [json!(true), json!(-1), json!(0.5), json!(" "), json!([null]), json!({ "a": null })];
    for something in something {
        let message = BotMessage::custom(something.clone()).with_attachment(something);
        assert_eq!(TextOnly::texts_of(message).await.len(), 2);
    }
}

#[tokio::test]
async fn an_attachment_that_repeats_the_image_is_left_out() {
    let image = || BotMessage::image("cat.png");
    assert_eq!(TextOnly::texts_of(image().with_attachment("cat.png")).await, ["Image: cat.png"]);
    assert_eq!(
        TextOnly::texts_of(image().with_attachment("cat.pdf")).await,
        ["Image: cat.png", "Attachment: cat.pdf"]
    );
    assert_eq!(
        TextOnly::texts_of(image().with_attachment(json!({ "src": "cat.png" }))).await,
        ["Image: cat.png", "Attachment: {'src': 'cat.png'}"]
    );
}

#[tokio::test]
async fn buttons_may_lack_text_title_payload_or_everything() {
    let buttons = [
        Button { title: String::new(), payload: Some(String::new()), ..Button::default() },
        titled("Open").with("url", "https://example.org/é").with("type", "web_url"),
        Button::default(),
    ];
    assert_eq!(
        TextOnly::texts_of(BotMessage::default().with_buttons(buttons)).await,
        ["1:  ()", r#"2: Open - {"type": "web_url", "url": "https://example.org/\u00e9"}"#, "3: "]
    );
}

#[tokio::test]
async fn quick_replies_and_cards_degrade_to_buttons() {
    let message = BotMessage::text("Shall we?").with_quick_replies(yes_and_no());
    let texts = ["Shall we?", r#"1: Yes (/affirm) - {"type": "postback"}"#, "2: No"];
    assert_eq!(TextOnly::texts_of(message).await, texts);

    let card = Element { buttons: vec![titled("Go")], ..Element::new("Rome", "Italy") };
    let message = BotMessage::default().with_elements([card, Element::default()]);
    assert_eq!(TextOnly::texts_of(message).await, ["Rome : Italy", "1: Go", " : "]);
}

fn split(text: &str, splitting: Splitting) -> Vec<&str> {
    split_text(text, splitting).collect()
}

#[test]
fn rasas_splitting_keeps_what_it_finds() {
    let cases: [(&str, &[&str]); 9] = [
        ("a\n\n\n\nb", &["a", "", "b"]),
        ("a\n\n\nb", &["a", "\nb"]),
        ("a\n\nb\nc", &["a", "b\nc"]),
        (" \n\n a \n\n b\n\n", &["a ", " b"]),
        ("a\r\n\r\nb", &["a\r\n\r\nb"]),
        ("```\n\n```", &["```", "```"]),
        ("\u{1f}a\u{a0}", &["a"]),
        ("", &[""]),
        (" \n\n ", &[""]),
    ];
    for (text, parts) in cases {
        assert_eq!(split(text, Splitting::Rasa), parts, "{text:?}");
    }
}

#[test]
fn blank_lines_split_and_vanish() {
    let cases: [(&str, &[&str]); 8] = [
        ("a\n\n\n\nb", &["a", "b"]),
        ("a\n\n\nb", &["a", "b"]),
        ("a\nb", &["a\nb"]),
        ("\n\n  a  \n \t\n\u{a0}\n  b  \n\n", &["a", "b"]),
        ("a\r\n\r\nb\r\nc", &["a", "b\r\nc"]),
        ("a\n\nb\n\n c", &["a", "b", "c"]),
        ("", &[]),
        (" \n\n ", &[]),
    ];
    for (text, parts) in cases {
        assert_eq!(split(text, Splitting::BlankLines), parts, "{text:?}");
    }
}

#[test]
fn fenced_code_stays_whole() {
    let cases: [(&str, &[&str]); 11] = [
        ("a\n\n```rust\nb\n\nc\n```\n\nd", &["a", "```rust\nb\n\nc\n```", "d"]),
        ("a\n```\nb\n\nc\n```\nd\n\ne", &["a\n```\nb\n\nc\n```\nd", "e"]),
        ("~~~\r\na\r\n\r\nb\r\n~~~\r\n\r\nc", &["~~~\r\na\r\n\r\nb\r\n~~~", "c"]),
        // A fence is closed by its own kind, at least as long, with nothing behind it.
        ("```\na\n\n~~~\n\nb", &["```\na\n\n~~~\n\nb"]),
        ("````\na\n\n```\n\nb\n`````\n\nc", &["````\na\n\n```\n\nb\n`````", "c"]),
        ("```\na\n\n``` b\n\nc", &["```\na\n\n``` b\n\nc"]),
        ("```\na\n\nb\n   ``` \n\nc", &["```\na\n\nb\n   ```", "c"]),
        // Without an end it runs to the end of the text.
        ("```\na\n\n\nb\n", &["```\na\n\n\nb"]),
        // Too short, too far in, and inline code open nothing.
        ("``\na\n\nb", &["``\na", "b"]),
        ("a\n    ```\n\nb", &["a\n    ```", "b"]),
        ("```a``` b\n\nc", &["```a``` b", "c"]),
    ];
    for (text, parts) in cases {
        assert_eq!(split(text, Splitting::BlankLines), parts, "{text:?}");
    }
}

/// Every text of up to five of these pieces.
#[test]
fn splitting_neither_loses_nor_moves_a_word() {
    const PIECES: [&str; 8] = ["a", "é ", "\n", "\n\n", "\r\n", "```", "~~~~\n", "    "];
    let words = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for number in 0..PIECES.len().pow(5) {
        let text: String = (0..5).map(|place| PIECES[number >> (3 * place) & 7]).collect();
        for splitting in [Splitting::BlankLines, Splitting::Rasa] {
            let parts = split(&text, splitting);
            assert_eq!(words(&parts.concat()), words(&text), "{text:?}");
        }
        for part in split(&text, Splitting::BlankLines) {
            assert!(!part.is_empty() && part == part.trim(), "{text:?}");
        }
    }
}

async fn collected(channel: &CollectingOutputChannel, message: BotMessage) -> String {
    channel.send(&Recipient::new("u-17"), &message).await.unwrap();
    serde_json::to_string(&channel.take_messages()).unwrap()
}

#[tokio::test]
async fn collected_messages_have_the_shape_of_rasas_rest_replies() {
    let channel = CollectingOutputChannel::new("myio");
    let message = everything().with_quick_replies([Button::new("Red", r#"/pick{"c":"red"}"#)]);
    let expected = concat!(
        r#"[{"recipient_id":"u-17","text":"Shall we?","#,
        r#""buttons":[{"title":"Red","payload":"/pick{\"c\":\"red\"}"}]},"#,
        r#"{"recipient_id":"u-17","custom":{"é":[1,true]}},"#,
        r#"{"recipient_id":"u-17","image":"i"},"#,
        r#"{"recipient_id":"u-17","attachment":"a"},"#,
        r#"{"recipient_id":"u-17","text":"x : y","buttons":[]}]"#,
    );
    assert_eq!(collected(&channel, message).await, expected);

    let read: Vec<CollectedMessage> = serde_json::from_str(expected).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), expected);
}

#[tokio::test]
async fn collected_text_is_split_unless_it_has_buttons() {
    let channel = CollectingOutputChannel::new("myio");
    let text = "a\n\n\n\nb";
    assert_eq!(
        collected(&channel, BotMessage::text(text)).await,
        r#"[{"recipient_id":"u-17","text":"a"},{"recipient_id":"u-17","text":"b"}]"#
    );
    assert_eq!(
        collected(&channel, BotMessage::text(text).with_buttons([titled("Go")])).await,
        r#"[{"recipient_id":"u-17","text":"a\n\n\n\nb","buttons":[{"title":"Go"}]}]"#
    );
    assert_eq!(
        collected(&channel, BotMessage::default().with_buttons([titled("Go")])).await,
        r#"[{"recipient_id":"u-17","buttons":[{"title":"Go"}]}]"#
    );

    let channel = channel.with_splitting(Splitting::Rasa);
    assert_eq!(
        collected(&channel, BotMessage::text(text)).await,
        concat!(
            r#"[{"recipient_id":"u-17","text":"a"},{"recipient_id":"u-17","text":""},"#,
            r#"{"recipient_id":"u-17","text":"b"}]"#,
        )
    );
}

#[tokio::test]
async fn the_collector_keeps_messages_until_they_are_taken() {
    let channel = CollectingOutputChannel::new("myio");
    assert_eq!(channel.name(), "myio");
    assert_eq!(channel.latest_output(), None);

    channel.send(&Recipient::new("u"), &"first\n\nsecond".into()).await.unwrap();
    assert_eq!(channel.messages().len(), 2);
    assert_eq!(channel.latest_output().unwrap().text.as_deref(), Some("second"));
    assert_eq!(channel.take_messages().len(), 2);
    assert!(channel.messages().is_empty());
}

#[test]
fn the_collector_keeps_the_latest_tracker_state() {
    let channel = CollectingOutputChannel::new("myio");
    assert_eq!(channel.tracker_state(), None);
    for sender in ["ada", "bob"] {
        channel.set_tracker_state(Arc::new(Tracker::new(sender).state(EventVerbosity::None)));
    }
    assert_eq!(channel.tracker_state().unwrap().sender_id, "bob");
}
