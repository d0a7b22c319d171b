//! What a platform shows, as data.

use std::borrow::Cow;

use super::{Length, Splitting, choices};
use crate::message::Button;

/// What a platform shows, and how much of it: data that an output channel declares, and that
/// [`OutputChannel::send`](crate::OutputChannel::send) keeps to.
///
/// What is not declared is not limited: whatever comes goes to the channel's own methods. What is declared is proved by the
/// conformance suite of `channel-testkit`.
///
/// # Examples
///
/// ```
/// use channel_core::{ButtonLimits, Capabilities, Length};
///
/// // Telegram: 4,096 characters, inline keyboards whose buttons carry up to 64 bytes, photos.
/// let telegram = Capabilities {
///     text: Some(Length::Utf16(4_096)),
///     buttons: Some(ButtonLimits { count: 100, payload: Some(Length::Bytes(64)), ..ButtonLimits::default() }),
///     images: true,
///     ..Capabilities::default()
/// };
/// assert!(telegram.text.unwrap().holds("Hi!"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// How long the text of one message may be. A longer one is several messages: it is cut between lines, else between words,
    /// else between what readers see as characters; a fenced code block that is cut is closed and opened again.
    pub text: Option<Length>,
    /// How one text makes several messages, long or not; `None`: it does not.
    pub splitting: Option<Splitting>,
    /// What one message shows of buttons. Those that do not fit are a numbered list in the text, and the user's "2" comes in as
    /// the payload of the second.
    pub buttons: Option<ButtonLimits>,
    /// What one message shows of quick replies; `None`: as of buttons.
    pub quick_replies: Option<ButtonLimits>,
    /// Whether images are shown as such.
    pub images: bool,
    /// Whether files are shown as such.
    pub attachments: bool,
    /// Whether cards are shown as such. Where `buttons` are declared and cards are not, each card is a text with its buttons.
    pub elements: bool,
}

/// What one message shows of buttons.
///
/// # Examples
///
/// ```
/// use channel_core::{Button, ButtonLimits, Length};
///
/// let limits = ButtonLimits { count: 3, title: Some(Length::Characters(20)), ..ButtonLimits::default() };
/// let buttons = [Button::new("Where is the parcel that I ordered?", "/track")];
/// assert_eq!(limits.fit(&buttons).unwrap()[0].title, "Where is the parcel…");
/// assert_eq!(limits.fit(&vec![buttons[0].clone(); 4]), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ButtonLimits {
    /// How many there are at most; 0: none are shown.
    pub count: usize,
    /// How long a title may be. A longer one is cut, and ends in `…`.
    pub title: Option<Length>,
    /// How long a payload may be: 17 bytes at least. A longer one is replaced by a key of 17 characters, which is the payload
    /// again when it comes in as one.
    pub payload: Option<Length>,
    /// How long the text above the buttons may be, where that is less than without them. What is longer is sent before it.
    pub text: Option<Length>,
}

impl ButtonLimits {
    /// The buttons as they are to be shown; `None` where they can't be: there are too many, or one has no title.
    pub fn fit<'a>(&self, buttons: &'a [Button]) -> Option<Cow<'a, [Button]>> {
        if buttons.len() > self.count || buttons.iter().any(|button| button.title.trim().is_empty()) {
            return None;
        }
        if buttons.iter().all(|button| self.holds(button)) {
            return Some(buttons.into());
        }
        Some(buttons.iter().map(|button| self.cut(button)).collect())
    }

    fn holds(&self, Button { title, payload, .. }: &Button) -> bool {
        self.title.is_none_or(|limit| limit.holds(title))
            && payload.as_deref().is_none_or(|payload| self.carries(payload))
    }

    fn carries(&self, payload: &str) -> bool {
        self.payload.is_none_or(|limit| limit.holds(payload))
    }

    fn cut(&self, button: &Button) -> Button {
        let mut button = button.clone();
        if let Some(limit) = self.title {
            button.title = limit.shorten(button.title.trim());
        }
        if let Some(payload) = button.payload.as_mut().filter(|payload| !self.carries(payload)) {
            *payload = choices::key_of(payload);
        }
        button
    }
}

impl Capabilities {
    /// What holds of quick replies.
    pub(super) fn of_quick_replies(&self) -> Option<&ButtonLimits> {
        self.quick_replies.as_ref().or(self.buttons.as_ref())
    }
}
