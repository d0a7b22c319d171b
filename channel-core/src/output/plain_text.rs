//! What stands in for what a platform lacks: text, worded as Rasa words it.

use serde_json::Value;

use super::{OutputChannel, SendError, Sent, python};
use crate::message::{BotMessage, Button, Element, Recipient};

type Outcome = Result<Sent, SendError>;

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
