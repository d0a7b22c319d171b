//! Images, files and cards.

use channel_core::{Button, Element};
use serde_json::Value;

use super::{call::Call, custom, keyboard};
use crate::telegram::settings::Format;

/// What is sent how, by the ending of its name.
const ENDINGS: [(&str, &str); 9] = [
    ("gif", "animation"),
    ("jpeg", "photo"),
    ("jpg", "photo"),
    ("m4a", "audio"),
    ("mp3", "audio"),
    ("mp4", "video"),
    ("oga", "voice"),
    ("ogg", "voice"),
    ("png", "photo"),
];

/// The method for a kind of media, and the key that it stands under.
pub(super) fn method(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "photo" | "image" => ("sendPhoto", "photo"),
        "audio" => ("sendAudio", "audio"),
        "video" => ("sendVideo", "video"),
        "animation" => ("sendAnimation", "animation"),
        "voice" => ("sendVoice", "voice"),
        _ => ("sendDocument", "document"),
    }
}

/// Media by their address, or Telegram's `file_id`.
pub(super) fn by_address(kind: &str, address: &str) -> Call {
    let (method, key) = method(kind);
    Call::new(method, [(key, address.into())])
}

/// An address is shown as what its ending says; an object is `{type, payload: {url}}`, as for other channels of Rasa's, or
/// Telegram's own.
pub(super) fn attachment(attachment: &Value) -> Result<Vec<Call>, String> {
    if let Some(address) = attachment.as_str() {
        return Ok(vec![by_address(kind_of(address), address)]);
    }
    let address =
        ["/payload/url", "/payload/src"].iter().find_map(|place| attachment.pointer(place)?.as_str());
    match address {
        Some(address) => {
            let kind = attachment.get("type").and_then(Value::as_str);
            Ok(vec![by_address(kind.unwrap_or_else(|| kind_of(address)), address)])
        }
        None => custom::calls(attachment),
    }
}

fn kind_of(address: &str) -> &'static str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    ENDINGS.iter().find(|(known, _)| *known == ending).map_or("document", |(_, kind)| kind)
}

/// A card: its image with its two lines and its buttons below.
pub(super) fn card(element: &Element, format: Format) -> Call {
    let lines = [&element.title, &element.subtitle].into_iter().flatten().map(|line| line.trim());
    let words = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let buttons: Vec<Button> =
        element.buttons.iter().filter(|button| !button.title.trim().is_empty()).cloned().collect();
    let shown = keyboard::BUTTONS.fit(&buttons).unwrap_or_default();
    let keyboard = keyboard::of_buttons(&shown, &channel_core::BotMessage::default());
    let image = element.extra.get("image_url").and_then(Value::as_str).filter(|url| !url.is_empty());
    let call = match image {
        Some(url) => by_address("photo", url).caption(&words, format),
        None => super::text(&words, format, &channel_core::BotMessage::default()),
    };
    call.keyboard(keyboard)
}
