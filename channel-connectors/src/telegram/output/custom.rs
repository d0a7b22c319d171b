//! JSON in Telegram's own shape: the keys say which methods are called.

use serde_json::{Map, Value, json};

use super::{call::Call, media};

/// Rasa's table, in its order, and besides what edits. Each method takes its keys, and what no method takes.
const METHODS: [(&[&str], &str); 18] = [
    (&["message_id", "text"], "editMessageText"),
    (&["message_id", "caption"], "editMessageCaption"),
    (&["message_id", "reply_markup"], "editMessageReplyMarkup"),
    (&["text"], "sendMessage"),
    (&["photo"], "sendPhoto"),
    (&["audio"], "sendAudio"),
    (&["document"], "sendDocument"),
    (&["sticker"], "sendSticker"),
    (&["video"], "sendVideo"),
    (&["video_note"], "sendVideoNote"),
    (&["animation"], "sendAnimation"),
    (&["voice"], "sendVoice"),
    (&["latitude", "longitude", "title", "address"], "sendVenue"),
    (&["latitude", "longitude"], "sendLocation"),
    (&["phone_number", "first_name"], "sendContact"),
    (&["game_short_name"], "sendGame"),
    (&["action"], "sendChatAction"),
    (&["title", "description", "payload", "currency", "prices"], "sendInvoice"),
];

/// An album has so many.
const ALBUM: usize = 10;

/// The calls that such JSON is for. An error says why there is none.
pub(super) fn calls(custom: &Value) -> Result<Vec<Call>, String> {
    let mut rest: Map<String, Value> = match custom {
        Value::String(text) => return Ok(vec![Call::new("sendMessage", [("text", text.as_str().into())])]),
        Value::Array(_) => Map::from_iter([("media".to_owned(), custom.clone())]),
        Value::Object(keys) => keys.iter().filter(|(_, value)| !value.is_null()).map(owned).collect(),
        _ => Map::new(),
    };
    let mut calls = album(&mut rest);
    for (keys, method) in METHODS {
        if keys.iter().all(|key| rest.contains_key(*key)) {
            let own: Vec<_> = keys.iter().filter_map(|key| rest.shift_remove_entry(*key)).collect();
            calls.push((method, own));
        }
    }
    if calls.is_empty() {
        return Err(
            "no key of the `custom` JSON says what to send: give `text`, `photo`, `media`, …".to_owned()
        );
    }
    Ok(calls
        .into_iter()
        .map(|(method, own)| Call::of(method, own.into_iter().chain(rest.clone()).collect()))
        .collect())
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

type Keys = Vec<(String, Value)>;

/// Albums of up to ten; one alone is none.
fn album(rest: &mut Map<String, Value>) -> Vec<(&'static str, Keys)> {
    let Some(Value::Array(media)) = rest.shift_remove("media") else { return Vec::new() };
    let call = |media: &[Value]| match media {
        [Value::Object(one)] => single(one),
        media => ("sendMediaGroup", vec![("media".to_owned(), json!(media))]),
    };
    media.chunks(ALBUM).map(call).collect()
}

fn single(one: &Map<String, Value>) -> (&'static str, Keys) {
    let (method, key) = media::method(one.get("type").and_then(Value::as_str).unwrap_or_default());
    let keys = one.iter().filter(|(name, _)| *name != "type").map(owned);
    (method, keys.map(|(name, value)| (if name == "media" { key.to_owned() } else { name }, value)).collect())
}
