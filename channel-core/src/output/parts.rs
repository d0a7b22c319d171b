//! The parts of a message: what the platform is called with, one after the other.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    Capabilities, OutputChannel, SendError, Sent,
    words::{Said, Words},
};
use crate::message::{BotMessage, Button, Element, Recipient};

/// What is sent on its own of a message.
enum Part<'a> {
    Text(Cow<'a, str>),
    Buttons(Option<Cow<'a, str>>, Cow<'a, [Button]>),
    QuickReplies(Option<Cow<'a, str>>, Cow<'a, [Button]>),
    Custom(&'a Value),
    Image(&'a str),
    Attachment(&'a Value),
    Elements(&'a [Element]),
}

pub(super) async fn send<C: OutputChannel + ?Sized>(
    channel: &C,
    to: &Recipient,
    message: &BotMessage,
) -> Result<Sent, SendError> {
    let mut all = Sent::default();
    for (index, part) in parts(message, &channel.capabilities()).enumerate() {
        let sent = match part {
            Part::Text(text) => channel.send_text(to, &text, message).await,
            Part::Buttons(text, buttons) => {
                channel.send_buttons(to, text.as_deref(), &buttons, message).await
            }
            Part::QuickReplies(text, quick_replies) => {
                channel.send_quick_replies(to, text.as_deref(), &quick_replies, message).await
            }
            Part::Custom(custom) => channel.send_custom(to, custom, message).await,
            Part::Image(image) => channel.send_image(to, image, message).await,
            Part::Attachment(attachment) => channel.send_attachment(to, attachment, message).await,
            Part::Elements(elements) => channel.send_elements(to, elements, message).await,
        };
        all.and(sent.map_err(|error| error.after_parts(index))?);
    }
    Ok(all)
}

/// The parts of a message, in Rasa's order.
fn parts<'a>(message: &'a BotMessage, shown: &'a Capabilities) -> impl Iterator<Item = Part<'a>> {
    let BotMessage { custom, image, elements, .. } = message;
    let words = Words::of(message, shown).map(Part::from);
    let custom = custom.as_ref().filter(|custom| is_truthy(custom)).map(Part::Custom);
    let image = image.as_deref().filter(|image| !image.is_empty()).map(Part::Image);
    let attachment = own_attachment(message).map(Part::Attachment);
    let cards = (are_cards(shown) && !elements.is_empty()).then_some(Part::Elements(elements));
    let texts = elements.iter().filter(|_| !are_cards(shown));
    let texts = texts.flat_map(|element| Words::of_element(element, shown)).map(Part::from);
    words.chain(custom).chain(image).chain(attachment).chain(cards).chain(texts)
}

/// What is left of a message of which the first parts were sent.
pub(crate) fn without_parts(message: &BotMessage, count: usize, shown: &Capabilities) -> BotMessage {
    let mut rest = message.clone();
    let mut words = Words::of(message, shown);
    let said = (0..count).take_while(|_| words.next().is_some()).count();
    let mut left = count - said;
    let mut is_sent = |is_there: bool| {
        let is_sent = is_there && left > 0;
        left -= usize::from(is_sent);
        is_sent
    };
    if said > 0 {
        if !words.has_choices() {
            rest.buttons.clear();
            rest.quick_replies.clear();
        }
        rest.text = words.into_text();
    }
    if is_sent(message.custom.as_ref().is_some_and(is_truthy)) {
        rest.custom = None;
    }
    if is_sent(message.image.as_deref().is_some_and(|image| !image.is_empty())) {
        // An attachment that repeats the image was a part of it.
        if own_attachment(message).is_none() {
            rest.attachment = None;
        }
        rest.image = None;
    }
    if is_sent(own_attachment(message).is_some()) {
        rest.attachment = None;
    }
    if are_cards(shown) {
        if is_sent(!message.elements.is_empty()) {
            rest.elements.clear();
        }
        return rest;
    }
    // A card of which a part is left is shown again as a whole.
    let whole = message
        .elements
        .iter()
        .take_while(|element| Words::of_element(element, shown).all(|_| is_sent(true)));
    rest.elements.drain(..whole.count());
    rest
}

fn are_cards(shown: &Capabilities) -> bool {
    shown.elements || shown.buttons.is_none()
}

/// Rasa's bot events repeat an image as the attachment; it is to be shown once.
fn own_attachment(message: &BotMessage) -> Option<&Value> {
    let attachment = message.attachment.as_ref().filter(|attachment| is_truthy(attachment))?;
    let repeats_image = message.image.as_ref().is_some_and(|image| attachment == image);
    (!repeats_image).then_some(attachment)
}

/// Python's notion of a value that is there.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

impl<'a> From<Said<'a>> for Part<'a> {
    fn from(said: Said<'a>) -> Self {
        match said {
            Said::Text(text) => Self::Text(text),
            Said::Buttons(text, buttons) => Self::Buttons(text, buttons),
            Said::QuickReplies(text, quick_replies) => Self::QuickReplies(text, quick_replies),
        }
    }
}
