//! What a user chose of the buttons that the bot showed.

use serde::Deserialize as _;

use super::{ButtonLimits, Capabilities};
use crate::{
    EventKind, Tracker,
    message::{Button, Metadata, UserMessage},
};

/// What a key begins with. No payload of Rasa's does.
const MARK: char = '~';

/// What stands for a payload that is too long for its platform: 17 characters.
pub(super) fn key_of(payload: &str) -> String {
    // FNV-1a, <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>: the same in every version and on every machine.
    let hash = payload.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{MARK}{hash:016x}")
}

fn is_key(text: &str) -> bool {
    text.len() == 17 && text.starts_with(MARK)
}

/// What a message means that chooses one of the buttons which the bot showed: by the key that stands for a payload, or by its
/// number in a list. `None` where it chooses none.
///
/// `tracker` is the conversation before the message, `shown_by` what the channel shows. Whoever runs turns calls this.
///
/// # Examples
///
/// ```
/// use channel_core::{BotMessage, Button, ButtonLimits, Capabilities, Event, Tracker, UserMessage, chosen};
///
/// let sms = Capabilities { buttons: Some(ButtonLimits::default()), ..Capabilities::default() };
/// let mut tracker = Tracker::new("ada");
/// let question = BotMessage::text("Go on?").with_buttons([Button::new("Yes", "/affirm"), Button::new("No", "/deny")]);
/// tracker.apply(Event::bot(&question));
///
/// let choice = chosen(&UserMessage::new("2", "ada"), &tracker, &sms).unwrap();
/// assert_eq!(choice.text, "/deny");
/// assert!(choice.is_payload);
/// ```
pub fn chosen(message: &UserMessage, tracker: &Tracker, shown_by: &Capabilities) -> Option<UserMessage> {
    let button = if message.is_payload && is_key(&message.text) {
        by_key(&message.text, tracker)
    } else if let Some(number) = number(&message.text).filter(|_| message.parse_data.is_none()) {
        by_number(number, tracker, shown_by)
    } else {
        None
    }?;
    let mut choice = message.clone();
    choice.is_payload = button.payload.is_some();
    choice.text = button.payload.unwrap_or(button.title);
    Some(choice)
}

/// `2`, `2.` or `2)`.
fn number(text: &str) -> Option<usize> {
    let digits = text.strip_suffix(['.', ')']).unwrap_or(text);
    let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn by_key(key: &str, tracker: &Tracker) -> Option<Button> {
    let shown = tracker.events().iter().rev().filter_map(|event| data_of(&event.kind));
    shown.flat_map(all).find(|button| button.payload.as_deref().is_some_and(|payload| key_of(payload) == key))
}

/// In the last list that the bot showed since the user spoke.
fn by_number(number: usize, tracker: &Tracker, shown_by: &Capabilities) -> Option<Button> {
    let mut since =
        tracker.events().iter().rev().take_while(|event| !matches!(event.kind, EventKind::User { .. }));
    let (buttons, limits) = since.find_map(|event| offered(data_of(&event.kind)?, shown_by))?;
    let is_list = limits?.fit(&buttons).is_none();
    buttons.into_iter().nth(number.checked_sub(1)?).filter(|_| is_list)
}

fn data_of(kind: &EventKind) -> Option<&Metadata> {
    match kind {
        EventKind::Bot { data, .. } => Some(data),
        _ => None,
    }
}

/// The choices of a message, and what the channel shows of such; quick replies win over buttons.
fn offered<'a>(
    data: &Metadata,
    shown_by: &'a Capabilities,
) -> Option<(Vec<Button>, Option<&'a ButtonLimits>)> {
    let quick_replies = (buttons(data, "quick_replies"), shown_by.of_quick_replies());
    let buttons = (buttons(data, "buttons"), shown_by.buttons.as_ref());
    [quick_replies, buttons].into_iter().find(|(buttons, _)| !buttons.is_empty())
}

/// Every button of a message, also of its cards.
fn all(data: &Metadata) -> Vec<Button> {
    let cards = data.get("elements").and_then(serde_json::Value::as_array).into_iter().flatten();
    let of_cards = cards.filter_map(|card| Some(buttons(card.as_object()?, "buttons"))).flatten();
    ["quick_replies", "buttons"].into_iter().flat_map(|key| buttons(data, key)).chain(of_cards).collect()
}

fn buttons(data: &Metadata, key: &str) -> Vec<Button> {
    data.get(key).and_then(|list| Vec::deserialize(list).ok()).unwrap_or_default()
}
