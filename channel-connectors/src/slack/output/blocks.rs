//! What is shown in blocks, <https://docs.slack.dev/reference/block-kit/blocks>.

use std::borrow::Cow;

use channel_core::{Button, Element, button_line};
use serde_json::{Value, json};

use super::{
    pieces::pieces,
    post::{self, Post},
};

/// More buttons are text, as in Rasa.
const BUTTONS: usize = 5;

/// Slack's limits, in characters.
const SECTION: usize = 3_000;
const BUTTON_TEXT: usize = 75;
const BUTTON_VALUE: usize = 2_000;

/// Text with buttons below it.
pub(super) fn buttons(text: Option<&str>, buttons: &[Button]) -> Vec<Post> {
    shown(text.unwrap_or_default(), None, buttons)
}

pub(super) fn image(url: &str) -> Post {
    let block = json!({ "type": "image", "image_url": url, "alt_text": url });
    Post::message([("text", url.into()), ("blocks", json!([block]))])
}

/// A card: its two lines as Rasa words them, its image beside them, its buttons below.
pub(super) fn element(element: &Element) -> Vec<Post> {
    let Element { title, subtitle, buttons, extra } = element;
    let title = title.as_deref().unwrap_or_default();
    let text = format!("{title} : {}", subtitle.as_deref().unwrap_or_default());
    let image = extra.get("image_url").and_then(Value::as_str).map(|url| {
        json!({ "type": "image", "image_url": url, "alt_text": if title.is_empty() { url } else { title } })
    });
    shown(&text, image, buttons)
}

/// A text, what is beside it, and the buttons below. What is too long for one section comes before it.
fn shown(text: &str, beside: Option<Value>, buttons: &[Button]) -> Vec<Post> {
    let (text, actions) = actions(text, buttons);
    if beside.is_none() && actions.is_none() {
        return post::text(&text);
    }
    let mut pieces: Vec<&str> = pieces(&text, SECTION).collect();
    let last = pieces.pop();
    let section = last.map(|text| section(text, beside));
    let blocks: Vec<Value> = section.into_iter().chain(actions).collect();
    // What a notification shows.
    let summary = last.map_or_else(|| titles(buttons), str::to_owned);
    let mut posts: Vec<Post> = pieces.into_iter().map(post::words).collect();
    posts.push(Post::message([("text", summary.into()), ("blocks", blocks.into())]));
    posts
}

fn section(text: &str, beside: Option<Value>) -> Value {
    let mut section = json!({ "type": "section", "text": { "type": "plain_text", "text": text } });
    if let Some(beside) = beside {
        section["accessory"] = beside;
    }
    section
}

/// The text, and the block of its buttons. More than five, or such as Slack takes none of, are lines of the text.
fn actions<'a>(text: &'a str, buttons: &[Button]) -> (Cow<'a, str>, Option<Value>) {
    if buttons.is_empty() {
        return (text.into(), None);
    }
    match elements(buttons) {
        Some(elements) => (text.into(), Some(json!({ "type": "actions", "elements": elements }))),
        None => (list(text, buttons).into(), None),
    }
}

/// `None` where Slack would refuse them.
fn elements(buttons: &[Button]) -> Option<Vec<Value>> {
    if buttons.len() > BUTTONS {
        return None;
    }
    buttons.iter().map(button).collect()
}

fn button(Button { title, payload, extra }: &Button) -> Option<Value> {
    let title = title.trim();
    let payload = payload.as_deref().filter(|payload| !payload.is_empty());
    if title.is_empty() || payload.is_some_and(|payload| payload.chars().count() > BUTTON_VALUE) {
        return None;
    }
    let mut button = json!({ "type": "button", "text": { "type": "plain_text", "text": shortened(title) } });
    if let Some(payload) = payload {
        button["value"] = payload.into();
    }
    if let Some(url) = extra.get("url").filter(|url| url.is_string()) {
        button["url"] = url.clone();
    }
    if let Some(style) =
        extra.get("style").filter(|style| ["primary", "danger"].iter().any(|known| style == known))
    {
        button["style"] = style.clone();
    }
    Some(button)
}

fn shortened(title: &str) -> String {
    if title.chars().count() <= BUTTON_TEXT {
        return title.to_owned();
    }
    title.chars().take(BUTTON_TEXT - 1).chain(['…']).collect()
}

fn list(text: &str, buttons: &[Button]) -> String {
    let lines = buttons.iter().enumerate().map(|(index, button)| button_line(index + 1, button));
    let text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    text.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn titles(buttons: &[Button]) -> String {
    buttons.iter().map(|button| button.title.trim()).collect::<Vec<_>>().join(", ")
}
