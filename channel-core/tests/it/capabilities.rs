//! What a platform shows: texts in pieces, choices that fit or are a list, and what is left after a failure.

use std::sync::Mutex;

use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, Element, Event, Length, Metadata, OutputChannel,
    Recipient, SendError, Sent, Splitting, Tracker, UserMessage, async_trait, chosen,
};
use proptest::prelude::*;

/// A platform that shows so much, and fails at the call of this number.
struct Platform {
    shows: Capabilities,
    calls: Mutex<Vec<String>>,
    fails_at: Option<usize>,
}

impl Platform {
    fn showing(shows: Capabilities) -> Self {
        Self { shows, calls: Mutex::default(), fails_at: None }
    }

    fn called(&self, call: String) -> Result<Sent, SendError> {
        let mut calls = self.calls.lock().unwrap();
        if self.fails_at == Some(calls.len()) {
            return Err(SendError::retryable("not now"));
        }
        calls.push(call);
        Ok(Sent::default())
    }
}

#[async_trait]
impl OutputChannel for Platform {
    fn name(&self) -> &'static str {
        "platform"
    }

    fn capabilities(&self) -> Capabilities {
        self.shows.clone()
    }

    async fn send_text(&self, _: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.called(text.to_owned())
    }

    async fn send_buttons(
        &self,
        _: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        let shown = buttons.iter().map(|Button { title, payload, .. }| {
            format!("[{title}={}]", payload.as_deref().unwrap_or_default())
        });
        self.called(format!("{} {}", text.unwrap_or_default(), shown.collect::<String>()))
    }
}

/// What the platform was called with, and whether all went well.
fn sent(shows: &Capabilities, message: &BotMessage, fails_at: Option<usize>) -> (Vec<String>, Option<usize>) {
    let platform = Platform { fails_at, ..Platform::showing(shows.clone()) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let result = runtime.block_on(platform.send(&Recipient::new("u"), message));
    (platform.calls.into_inner().unwrap(), result.err().map(|error| error.parts_sent()))
}

fn calls(shows: &Capabilities, message: impl Into<BotMessage>) -> Vec<String> {
    sent(shows, &message.into(), None).0
}

fn text_of(limit: usize) -> Capabilities {
    Capabilities { text: Some(Length::Characters(limit)), ..Capabilities::default() }
}

fn buttons_of(limits: ButtonLimits) -> Capabilities {
    Capabilities { buttons: Some(limits), ..text_of(100) }
}

fn choices<const N: usize>(titles: [&str; N]) -> [Button; N] {
    titles.map(|title| Button::new(title, format!("/{title}")))
}

#[test]
fn long_texts_are_cut_where_readers_would() {
    for (limit, text, expected) in [
        (8, "short", &["short"][..]),
        (8, "one two three", &["one two", "three"]),
        (8, "one two  three", &["one two", "three"]),
        (8, "exactly8 8", &["exactly8", "8"]),
        (8, "seventeen letters", &["seventee", "n", "letters"]),
        (8, "äöüäöüäö ü", &["äöüäöüäö", "ü"]),
        (14, "a line\nof two words and more", &["a line\nof two", "words and more"]),
        (10, "a line\nof two words", &["a line", "of two", "words"]),
        (10, "a:\n\n\n    indented", &["a:", "    indent", "ed"]),
        // A family is one character to its readers, and seven to computers.
        (8, "a👨‍👩‍👧‍👦👨‍👩‍👧‍👦", &["a👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]),
        (3, "👨‍👩‍👧‍👦", &["👨‍👩", "\u{200d}", "👧‍👦"]),
        (1, "e\u{301}", &["e", "\u{301}"]),
    ] {
        assert_eq!(calls(&text_of(limit), text), expected, "{text}");
    }
}

#[test]
fn a_code_block_is_kept_whole_or_closed_and_opened_again() {
    let shows = text_of(30);
    let fits = "Here it is, for you:\n```rust\nlet a = 1;\n```\nAnd that was it.";
    assert_eq!(calls(&shows, fits), ["Here it is, for you:", "```rust\nlet a = 1;\n```", "And that was it."]);
    let long = "```rust\nlet first = 1;\nlet second = 2;\n\nlet third = 3;\n```\ndone";
    assert_eq!(
        calls(&shows, long),
        [
            "```rust\nlet first = 1;\n```",
            "```rust\nlet second = 2;\n\n```",
            "```rust\nlet third = 3;\n```",
            "done"
        ]
    );
}

#[test]
fn the_opening_line_of_a_code_block_may_end_in_white_space() {
    for space in [" ", "\u{2003}", "\r", "  \t"] {
        let text = format!("```rs{space}\nlet a;\nlet b;\n```");
        let first = format!("```rs{space}\nlet a;\n```");
        assert_eq!(calls(&text_of(20), text), [first.as_str(), "```rs\nlet b;\n```"], "{space:?}");
    }
}

#[test]
fn lengths_are_counted_as_the_platform_counts() {
    for (length, expected) in [
        (Length::Characters(4), &["😀😀😀😀"][..]),
        (Length::Utf16(4), &["😀😀", "😀😀"]),
        (Length::Bytes(4), &["😀", "😀", "😀", "😀"]),
    ] {
        let shows = Capabilities { text: Some(length), ..Capabilities::default() };
        assert_eq!(calls(&shows, "😀😀😀😀"), expected);
    }
}

#[test]
fn blank_lines_make_messages_where_that_is_declared() {
    let text = "one\n\ntwo two two\n\n\nthree";
    assert_eq!(calls(&Capabilities::default(), text), [text]);
    let shows = Capabilities { splitting: Some(Splitting::BlankLines), ..text_of(8) };
    assert_eq!(calls(&shows, text), ["one", "two two", "two", "three"]);
    let shows = Capabilities { splitting: Some(Splitting::Rasa), ..Capabilities::default() };
    assert_eq!(calls(&shows, "\na\n\n\n\nb "), ["a", "", "b"]);
}

#[test]
fn choices_that_fit_are_buttons() {
    let limits = ButtonLimits { count: 2, text: Some(Length::Characters(8)), ..ButtonLimits::default() };
    let question = BotMessage::text("What shall it be?").with_buttons(choices(["tea", "ale"]));
    assert_eq!(calls(&buttons_of(limits), question), ["What", "shall it", "be? [tea=/tea][ale=/ale]"]);
}

#[test]
fn titles_and_payloads_are_cut_to_what_fits() {
    let limits = ButtonLimits {
        count: 2,
        title: Some(Length::Characters(6)),
        payload: Some(Length::Bytes(20)),
        ..ButtonLimits::default()
    };
    let payload = r#"/order{"drink": "darjeeling"}"#;
    let question = BotMessage::text("What?")
        .with_buttons([Button::new("Darjeeling", payload), Button::new("Assam", "/assam")]);
    let shown = calls(&buttons_of(limits), question.clone());
    let key = shown[0].split(['=', ']']).nth(1).unwrap();
    assert_eq!(shown, [format!("What? [Darje…={key}][Assam=/assam]")]);

    let mut tracker = Tracker::new("u");
    tracker.extend([Event::bot(&question), Event::user(&UserMessage::new("hm", "u"), Metadata::new())]);
    let pressed = chosen(&UserMessage::payload(key, "u"), &tracker, &Capabilities::default()).unwrap();
    assert_eq!((pressed.text.as_str(), pressed.is_payload), (payload, true));
    assert_eq!(chosen(&UserMessage::new(key, "u"), &tracker, &Capabilities::default()), None, "typed");
}

#[test]
fn choices_that_do_not_fit_are_a_numbered_list() {
    let question = || BotMessage::text("What?").with_buttons(choices(["tea", "ale", "rum"]));
    for count in [0, 2] {
        let shows = buttons_of(ButtonLimits { count, ..ButtonLimits::default() });
        assert_eq!(calls(&shows, question()), ["What?\n1. tea\n2. ale\n3. rum"]);
    }
    let shows = buttons_of(ButtonLimits { count: 3, ..ButtonLimits::default() });
    let untitled = BotMessage::text("What?").with_buttons([Button::new(" ", "/a")]);
    assert_eq!(calls(&shows, untitled), ["What?\n1. /a"]);
    let link = Button { payload: None, ..Button::new("Shop", "") }.with("url", "https://shop.example");
    let mut links = question().with_buttons([link]);
    links.text = None;
    assert_eq!(calls(&shows, links), ["1. tea\n2. ale\n3. rum\n4. Shop: https://shop.example"]);
}

#[test]
fn a_number_is_a_choice_while_its_list_stands() {
    let list = buttons_of(ButtonLimits::default());
    let question = BotMessage::text("What?").with_quick_replies(choices(["tea", "ale"]));
    let asked = |text: &str, shows: &Capabilities, events: &[Event]| {
        let mut tracker = Tracker::new("u");
        tracker.extend(events.iter().cloned());
        chosen(&UserMessage::new(text, "u").with_message_id("7"), &tracker, shows)
    };
    let events = [Event::bot(&question), Event::bot(&"Or say something else.".into())];
    for text in ["2", "2.", "2)", "02"] {
        let choice = asked(text, &list, &events).expect(text);
        assert_eq!((choice.text.as_str(), choice.is_payload), ("/ale", true));
        assert_eq!(choice.message_id, "7");
    }
    for text in ["0", "3", "-1", "2 please", "two", "", "2.0", "99999999999999999999", "٢"] {
        assert_eq!(asked(text, &list, &events), None, "{text}");
    }
    let shown = buttons_of(ButtonLimits { count: 2, ..ButtonLimits::default() });
    assert_eq!(asked("2", &shown, &events), None, "they were buttons");
    assert_eq!(asked("2", &Capabilities::default(), &events), None, "nothing is declared");
    let later = [Event::bot(&question), Event::user(&UserMessage::new("hm", "u"), Metadata::new())];
    assert_eq!(asked("2", &list, &later), None, "the user has spoken since");
}

#[test]
fn cards_are_texts_with_buttons_where_only_those_are_declared() {
    let card = Element { buttons: choices(["buy", "share"]).to_vec(), ..Element::new("Cup", "blue") };
    let cards = BotMessage::default().with_elements([card, Element::new("Mug", "red")]);
    let shows = buttons_of(ButtonLimits { count: 2, ..ButtonLimits::default() });
    assert_eq!(calls(&shows, cards.clone()), ["Cup : blue [buy=/buy][share=/share]", "Mug : red"]);
    let shows = buttons_of(ButtonLimits::default());
    assert_eq!(calls(&shows, cards), ["Cup : blue\n1. buy\n2. share", "Mug : red"]);
}

fn any_length() -> impl Strategy<Value = Length> {
    prop_oneof![
        (2..40_usize).prop_map(Length::Characters),
        (2..40_usize).prop_map(Length::Utf16),
        (4..40_usize).prop_map(Length::Bytes),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        5 => "[a-zäß😀👩‍🚀]{1,9}",
        2 => Just("\n".to_owned()),
        1 => Just("\n\n".to_owned()),
        1 => Just("\n```\n".to_owned()),
        1 => Just("\n```9\n".to_owned()),
        1 => Just("    ".to_owned()),
        1 => "\\PC{1,5}",
    ];
    prop::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

fn any_message() -> impl Strategy<Value = BotMessage> {
    let titles = prop::collection::vec("[a-z]{1,12}", 0..5);
    let cards = prop::collection::vec(prop::collection::vec("[a-z]{1,5}", 0..4), 0..3);
    (any_text(), titles, cards, any::<bool>()).prop_map(|(text, titles, cards, has_image)| {
        let button = |title: String| Button::new(title.clone(), format!("/{title}"));
        let card = |titles: Vec<String>| Element {
            buttons: titles.into_iter().map(button).collect(),
            ..Element::new("a", "card")
        };
        let message = BotMessage::text(text)
            .with_buttons(titles.into_iter().map(button))
            .with_elements(cards.into_iter().map(card));
        if has_image { message.with_image("http://cat").with_attachment("file") } else { message }
    })
}

/// Without white space, and without what a code block is opened with.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !['`', '9'].contains(c)).collect()
}

proptest! {
    #[test]
    fn no_piece_is_too_long_and_nothing_is_lost(text in any_text(), limit in any_length(), splits: bool) {
        let splitting = splits.then_some(Splitting::BlankLines);
        let shows = Capabilities { text: Some(limit), splitting, ..Capabilities::default() };
        let pieces = calls(&shows, text.as_str());
        for piece in &pieces {
            prop_assert!(limit.holds(piece), "{piece:?}");
        }
        if pieces.len() > 1 {
            prop_assert!(pieces.iter().all(|piece| !piece.trim().is_empty()), "{pieces:?}");
        }
        prop_assert_eq!(letters(&pieces.concat()), letters(&text));
    }

    #[test]
    fn what_is_left_after_a_failure_goes_on_where_it_stopped(
        message in any_message(),
        limit in any_length(),
        count in 0..4_usize,
        declares: bool,
        splits: bool,
        fails_at in 0..12_usize,
    ) {
        let shows = Capabilities {
            text: Some(limit),
            splitting: splits.then_some(Splitting::BlankLines),
            buttons: declares.then_some(ButtonLimits { count, ..ButtonLimits::default() }),
            ..Capabilities::default()
        };
        let (whole, _) = sent(&shows, &message, None);
        let (mut begun, parts_sent) = sent(&shows, &message, Some(fails_at));
        if let Some(parts_sent) = parts_sent {
            let (rest, _) = sent(&shows, &message.without_parts(parts_sent, &shows), None);
            // A card of which a part is left is sent again as a whole, and so are buttons that are not declared.
            if declares && message.elements.is_empty() {
                begun.extend(rest);
                prop_assert_eq!(letters(&begun.concat()), letters(&whole.concat()));
            } else {
                prop_assert!(letters(&whole.concat()).ends_with(&letters(&rest.concat())), "{rest:?}");
            }
        }
    }
}
