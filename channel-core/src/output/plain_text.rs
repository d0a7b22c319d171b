//! What stands in for what a platform lacks: text, worded as Rasa words it.

use serde_json::Value;

use super::{OutputChannel, SendError, Sent, python};
use crate::message::{BotMessage, Button, Element, Recipient};

type Outcome = Result<Sent, SendError>;

pub(super) async fn dispatch<C: OutputChannel + ?Sized>(
    channel: &C,
    to: &Recipient,
    message: &BotMessage,
) -> Outcome {
    let mut all = Sent::default();
    for (index, part) in parts(message).enumerate() {
        let sent = match part {
            Part::QuickReplies(text) => {
                channel.send_quick_replies(to, text, &message.quick_replies, message).await
            }
            Part::Buttons(text) => channel.send_buttons(to, text, &message.buttons, message).await,
            Part::Text(text) => channel.send_text(to, text, message).await,
            Part::Custom(custom) => channel.send_custom(to, custom, message).await,
            Part::Image(image) => channel.send_image(to, image, message).await,
            Part::Attachment(attachment) => channel.send_attachment(to, attachment, message).await,
            Part::Elements => channel.send_elements(to, &message.elements, message).await,
        };
        all.and(sent.map_err(|error| error.after_parts(index))?);
    }
    Ok(all)
}

/// What is sent on its own of a message.
enum Part<'a> {
    QuickReplies(Option<&'a str>),
    Buttons(Option<&'a str>),
    Text(&'a str),
    Custom(&'a Value),
    Image(&'a str),
    Attachment(&'a Value),
    Elements,
}

/// The parts of a message, in Rasa's order.
fn parts(message: &BotMessage) -> impl Iterator<Item = Part<'_>> {
    let text = message.text.as_deref();
    let words = if !message.quick_replies.is_empty() {
        Some(Part::QuickReplies(text))
    } else if !message.buttons.is_empty() {
        Some(Part::Buttons(text))
    } else {
        text.filter(|text| !text.is_empty()).map(Part::Text)
    };
    let custom = message.custom.as_ref().filter(|custom| is_truthy(custom)).map(Part::Custom);
    let image = message.image.as_deref().filter(|image| !image.is_empty()).map(Part::Image);
    let attachment = own_attachment(message).map(Part::Attachment);
    let elements = (!message.elements.is_empty()).then_some(Part::Elements);
    [words, custom, image, attachment, elements].into_iter().flatten()
}

/// What is left of a message of which the first parts were sent.
pub(crate) fn without_parts(message: &BotMessage, count: usize) -> BotMessage {
    let mut rest = message.clone();
    for part in parts(message).take(count) {
        match part {
            Part::QuickReplies(_) | Part::Buttons(_) | Part::Text(_) => {
                rest.text = None;
                rest.buttons.clear();
                rest.quick_replies.clear();
            }
            Part::Custom(_) => rest.custom = None,
            // An attachment that repeats the image was a part of it.
            Part::Image(image) => {
                rest.image = None;
                if rest.attachment.as_ref().is_some_and(|attachment| attachment == image) {
                    rest.attachment = None;
                }
            }
            Part::Attachment(_) => rest.attachment = None,
            Part::Elements => rest.elements.clear(),
        }
    }
    rest
}

/// Rasa's bot events repeat an image as the attachment; it is to be shown once.
fn own_attachment(message: &BotMessage) -> Option<&Value> {
    let attachment = message.attachment.as_ref().filter(|attachment| is_truthy(attachment))?;
    let repeats_image = message.image.as_ref().is_some_and(|image| attachment == image);
    (!repeats_image).then_some(attachment)
}

pub(super) async fn buttons<C: OutputChannel + ?Sized>(
    channel: &C,
    to: &Recipient,
    text: Option<&str>,
    buttons: &[Button],
) -> Outcome {
    let mut sent = match text {
        Some(text) => send(channel, to, text).await?,
        None => Sent::default(),
    };
    for (index, button) in buttons.iter().enumerate() {
        sent.and(send(channel, to, &button_line(index + 1, button)).await?);
    }
    Ok(sent)
}

pub(super) async fn custom<C: OutputChannel + ?Sized>(
    channel: &C,
    to: &Recipient,
    custom: &Value,
) -> Outcome {
    send(channel, to, &python::dumps(custom)).await
}

pub(super) async fn image<C: OutputChannel + ?Sized>(channel: &C, to: &Recipient, image: &str) -> Outcome {
    send(channel, to, &format!("Image: {image}")).await
}

pub(super) async fn attachment<C: OutputChannel + ?Sized>(
    channel: &C,
    to: &Recipient,
    attachment: &Value,
) -> Outcome {
    let text = match attachment {
        Value::String(address) => format!("Attachment: {address}"),
        other => format!("Attachment: {}", python::repr(other)),
    };
    send(channel, to, &text).await
}

pub(super) async fn elements<C: OutputChannel + ?Sized>(
    channel: &C,
    to: &Recipient,
    elements: &[Element],
) -> Outcome {
    let mut sent = Sent::default();
    for Element { title, subtitle, buttons, .. } in elements {
        let text =
            format!("{} : {}", title.as_deref().unwrap_or_default(), subtitle.as_deref().unwrap_or_default());
        sent.and(channel.send_buttons(to, Some(&text), buttons, &BotMessage::default()).await?);
    }
    Ok(sent)
}

async fn send<C: OutputChannel + ?Sized>(channel: &C, to: &Recipient, text: &str) -> Outcome {
    channel.send_text(to, text, &BotMessage::default()).await
}

/// A choice as a line of text, as Rasa words it; `number` is what the user sees.
///
/// # Examples
///
/// ```
/// use channel_core::{Button, button_line};
///
/// assert_eq!(button_line(1, &Button::new("Yes", "/affirm")), "1: Yes (/affirm)");
/// ```
pub fn button_line(number: usize, Button { title, payload, extra }: &Button) -> String {
    let mut line = format!("{number}: {title}");
    if let Some(payload) = payload {
        line.extend([" (", payload, ")"]);
    }
    if !extra.is_empty() {
        line.extend([" - ", &python::dumps_sorted(extra)]);
    }
    line
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
