//! What is shown in blocks, <https://docs.slack.dev/reference/block-kit/blocks>.

use channel_core::{Button, Element};
use serde_json::{Value, json};

use super::{BUTTONS, Format, post::Post};

/// A message has 50 blocks at most, and a card two.
pub(super) const CARDS: usize = 25;

/// Text with buttons below it.
pub(super) fn buttons(format: Format, text: Option<&str>, buttons: &[Button]) -> Post {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let section = text.map(|text| section(format, text, None));
    // What a notification shows.
    let summary = text.map_or_else(|| titles(buttons), str::to_owned);
    message(summary, section.into_iter().chain([actions(buttons)]).collect())
}

pub(super) fn image(url: &str) -> Post {
    message(url.to_owned(), vec![json!({ "type": "image", "image_url": url, "alt_text": url })])
}

/// Cards, one below the other: each two lines as Rasa words them, an image beside them, buttons below.
pub(super) fn cards(format: Format, elements: &[Element]) -> Post {
    let summary: Vec<String> = elements.iter().map(words).collect();
    message(summary.join("\n"), elements.iter().flat_map(|element| card(format, element)).collect())
}

fn message(text: String, blocks: Vec<Value>) -> Post {
    Post::message([("text", text.into()), ("blocks", blocks.into())])
}

fn words(Element { title, subtitle, .. }: &Element) -> String {
    format!("{} : {}", title.as_deref().unwrap_or_default(), subtitle.as_deref().unwrap_or_default())
}

fn card(format: Format, element: &Element) -> Vec<Value> {
    let title = element.title.as_deref().filter(|title| !title.is_empty());
    let image = element
        .extra
        .get("image_url")
        .and_then(Value::as_str)
        .map(|url| json!({ "type": "image", "image_url": url, "alt_text": title.unwrap_or(url) }));
    let words = words(element);
    match BUTTONS.fit(&element.buttons) {
        Some(buttons) if !buttons.is_empty() => vec![section(format, &words, image), actions(&buttons)],
        Some(_) => vec![section(format, &words, image)],
        // There is no place for more.
        None => vec![section(format, &format!("{words}\n{}", titles(&element.buttons)), image)],
    }
}

fn section(format: Format, text: &str, beside: Option<Value>) -> Value {
    let mut section = json!({ "type": "section", "text": format.text_object(text) });
    if let Some(beside) = beside {
        section["accessory"] = beside;
    }
    section
}

fn actions(buttons: &[Button]) -> Value {
    json!({ "type": "actions", "elements": buttons.iter().map(button).collect::<Vec<_>>() })
}

fn button(Button { title, payload, extra }: &Button) -> Value {
    let mut button = json!({ "type": "button", "text": { "type": "plain_text", "text": title.trim() } });
    if let Some(payload) = payload.as_deref().filter(|payload| !payload.is_empty()) {
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
    button
}

fn titles(buttons: &[Button]) -> String {
    buttons.iter().map(|button| button.title.trim()).collect::<Vec<_>>().join(", ")
}
