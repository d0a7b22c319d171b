//! Any message through a platform that shows anything: nothing is too long for it, nothing is lost, also where it fails halfway.
#![no_main]

use std::{mem::discriminant, sync::Mutex};

use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, Element, Length, OutputChannel, Recipient, SendError,
    Sent, Splitting, async_trait,
};
use channel_fuzz::block_on;
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

#[derive(Arbitrary, Debug)]
struct Input {
    limit: Option<Limit>,
    splitting: Option<bool>,
    buttons: Option<Buttons>,
    quick_replies: Option<Buttons>,
    choices: Vec<Choice>,
    are_quick_replies: bool,
    cards: Vec<(String, Vec<Choice>)>,
    fails_at: Option<u8>,
    text: String,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
struct Limit {
    unit: u8,
    length: u8,
}

#[derive(Arbitrary, Debug)]
struct Buttons {
    count: u8,
    title: Option<Limit>,
    payload: Option<Limit>,
    text: Option<Limit>,
}

#[derive(Arbitrary, Debug)]
struct Choice {
    title: String,
    payload: Option<String>,
    url: Option<String>,
}

fuzz_target!(|input: Input| {
    let shows = input.shows();
    let message = input.message();
    let whole = Platform::new(&shows, None);
    assert_eq!(whole.send(&message), 0, "nothing fails");
    check_nothing_is_lost(&message, &whole.said());
    if let Some(fails_at) = input.fails_at {
        let platform = Platform::new(&shows, Some(fails_at.into()));
        let parts_sent = platform.send(&message);
        if platform.has_failed() {
            let rest = message.without_parts(parts_sent, &shows);
            assert_eq!(platform.send(&rest), 0, "it fails once");
        }
        check_nothing_is_lost(&message, &platform.said());
    }
});

impl Input {
    fn shows(&self) -> Capabilities {
        let text = self.limit.map(|limit| limit.at_least(1));
        let limits = |buttons: &Option<Buttons>| buttons.as_ref().map(|buttons| buttons.limits(text));
        Capabilities {
            text,
            splitting: self.splitting.map(|rasa| if rasa { Splitting::Rasa } else { Splitting::BlankLines }),
            buttons: limits(&self.buttons),
            quick_replies: limits(&self.quick_replies),
            ..Capabilities::default()
        }
    }

    fn message(&self) -> BotMessage {
        let card = |(title, buttons): &(String, Vec<Choice>)| Element {
            buttons: buttons.iter().map(Choice::button).collect(),
            ..Element::new(title, "card")
        };
        let choices = self.choices.iter().map(Choice::button);
        let message = BotMessage::text(&self.text).with_elements(self.cards.iter().map(card));
        if self.are_quick_replies {
            message.with_quick_replies(choices)
        } else {
            message.with_buttons(choices)
        }
    }
}

impl Limit {
    /// The length, of so many characters at least.
    fn at_least(self, characters: usize) -> Length {
        let length = usize::from(self.length) + characters;
        match self.unit % 3 {
            0 => Length::Characters(length),
            1 => Length::Utf16(length.max(2 * characters)),
            _ => Length::Bytes(length.max(4 * characters)),
        }
    }
}

impl Buttons {
    /// The limits, where a text without buttons has this one: the one above them is less.
    fn limits(&self, most: Option<Length>) -> ButtonLimits {
        let is_less = |limit: &Length| {
            most.is_none_or(|most| {
                discriminant(&most) == discriminant(limit) && most.limit() >= limit.limit()
            })
        };
        ButtonLimits {
            count: self.count.into(),
            title: self.title.map(|limit| limit.at_least(4)),
            payload: self.payload.map(|limit| limit.at_least(17)),
            text: self.text.map(|limit| limit.at_least(1)).filter(is_less),
        }
    }
}

impl Choice {
    fn button(&self) -> Button {
        let button = Button { payload: self.payload.clone(), ..Button::new(&self.title, "") };
        match &self.url {
            Some(url) => button.with("url", url.as_str()),
            None => button,
        }
    }
}

/// What was said, with the number of calls after which it fails once.
struct Platform<'a> {
    shows: &'a Capabilities,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    said: String,
    fails_after: Option<usize>,
    has_failed: bool,
}

impl<'a> Platform<'a> {
    fn new(shows: &'a Capabilities, fails_after: Option<usize>) -> Self {
        Self { shows, state: Mutex::new(State { fails_after, ..State::default() }) }
    }

    /// Sends it; how many parts went well before the failure, if there was one.
    fn send(&self, message: &BotMessage) -> usize {
        let sent = block_on(OutputChannel::send(self, &Recipient::new("u"), message));
        sent.err().map_or(0, |error| error.parts_sent())
    }

    fn has_failed(&self) -> bool {
        self.state.lock().expect("nothing panics here").has_failed
    }

    fn said(&self) -> String {
        self.state.lock().expect("nothing panics here").said.clone()
    }

    fn hear(&self, texts: impl IntoIterator<Item = String>) -> Result<Sent, SendError> {
        let mut state = self.state.lock().expect("nothing panics here");
        match &mut state.fails_after {
            Some(0) => {
                state.fails_after = None;
                state.has_failed = true;
                return Err(SendError::retryable("not now"));
            }
            Some(calls) => *calls -= 1,
            None => {}
        }
        state.said.extend(texts);
        Ok(Sent::default())
    }

    fn show(
        &self,
        text: Option<&str>,
        buttons: &[Button],
        limits: Option<&ButtonLimits>,
    ) -> Result<Sent, SendError> {
        let text = text.unwrap_or_default();
        let limit = limits.and_then(|limits| limits.text).or(self.shows.text);
        assert!(limit.is_none_or(|limit| limit.holds(text)), "too long for {limit:?}: {text:?}");
        if let Some(limits) = limits {
            assert!(buttons.len() <= limits.count, "too many: {buttons:?}");
            for Button { title, payload, .. } in buttons {
                assert!(limits.title.is_none_or(|limit| limit.holds(title)), "{limits:?}: {title:?}");
                let payload = payload.as_deref().unwrap_or_default();
                assert!(limits.payload.is_none_or(|limit| limit.holds(payload)), "{limits:?}: {payload:?}");
            }
        }
        self.hear([text.to_owned()])
    }
}

#[async_trait]
impl OutputChannel for Platform<'_> {
    fn name(&self) -> &'static str {
        "platform"
    }

    fn capabilities(&self) -> Capabilities {
        self.shows.clone()
    }

    async fn send_text(&self, _: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        let limit = self.shows.text;
        assert!(limit.is_none_or(|limit| limit.holds(text)), "too long for {limit:?}: {text:?}");
        self.hear([text.to_owned()])
    }

    async fn send_buttons(
        &self,
        _: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.show(text, buttons, self.shows.buttons.as_ref())
    }

    async fn send_quick_replies(
        &self,
        _: &Recipient,
        text: Option<&str>,
        quick_replies: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        let limits = self.shows.quick_replies.as_ref().or(self.shows.buttons.as_ref());
        self.show(text, quick_replies, limits)
    }

    async fn send_elements(
        &self,
        _: &Recipient,
        elements: &[Element],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.hear(elements.iter().filter_map(|element| element.title.clone()))
    }
}

/// What was said has the letters of the message in their order. A code block that is cut repeats its opening line.
fn check_nothing_is_lost(message: &BotMessage, said: &str) {
    let mut said = letters(said);
    let titles = message.elements.iter().filter_map(|element| element.title.as_deref());
    for text in message.text.as_deref().into_iter().chain(titles) {
        for letter in letters(text) {
            assert!(said.any(|said| said == letter), "{letter:?} of {text:?} is lost");
        }
    }
}

/// Without what separates words and messages, and the marks of code blocks.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let is_between = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '`' | '~');
    text.chars().filter(move |c| !is_between(*c))
}
