//! Buttons, <https://core.telegram.org/bots/features#keyboards>.

use channel_core::{BotMessage, Button, ButtonLimits, Length};
use serde_json::{Map, Value, json};

/// What Telegram shows of buttons, <https://core.telegram.org/bots/api#inlinekeyboardbutton>.
pub(super) const BUTTONS: ButtonLimits =
    ButtonLimits { count: 100, title: Some(Length::Characters(128)), payload: Some(PAYLOAD), text: None };

const PAYLOAD: Length = Length::Bytes(64);

/// More buttons than this Telegram does not show in one row.
const IN_ROW: usize = 8;

/// About so many characters can be read in one row.
const ROW_WIDTH: usize = 36;

/// What an inline button may do besides sending its payload.
const INLINE: [&str; 7] = [
    "url",
    "web_app",
    "login_url",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "pay",
];

/// What a button of a reply keyboard may do besides sending its title.
const REPLY: [&str; 6] =
    ["request_contact", "request_location", "request_poll", "request_users", "request_chat", "web_app"];

/// The keyboard of a message, as its `button_type` asks for it.
pub(super) fn of_buttons(buttons: &[Button], message: &BotMessage) -> Option<Value> {
    match message.metadata.get("button_type").and_then(Value::as_str) {
        Some("vertical") => inline(buttons.chunks(1)),
        Some("reply") => reply(buttons),
        None | Some("inline") => inline(rows(buttons).into_iter()),
        Some(other) => {
            tracing::warn!(
                button_type = other,
                "no such `button_type`: it is `inline`, `vertical` or `reply`"
            );
            inline(rows(buttons).into_iter())
        }
    }
}

/// Quick replies are a keyboard that vanishes, as long as nothing but their titles matters: that is all that it sends.
pub(super) fn of_quick_replies(buttons: &[Button], message: &BotMessage) -> Option<Value> {
    let says_its_title =
        |button: &Button| button.payload.as_ref().is_none_or(|payload| *payload == button.title);
    let is_inline =
        |button: &Button| INLINE.iter().any(|key| *key != "web_app" && button.extra.contains_key(*key));
    if buttons.iter().all(|button| says_its_title(button) && !is_inline(button)) {
        return reply(buttons);
    }
    of_buttons(buttons, message)
}

/// The keyboard of a text alone: none, or one that is taken away.
pub(super) fn removed_by(message: &BotMessage) -> Option<Value> {
    let is_removed = message.metadata.get("remove_keyboard") == Some(&Value::Bool(true));
    is_removed.then(|| json!({ "remove_keyboard": true }))
}

fn inline<'a>(rows: impl Iterator<Item = &'a [Button]>) -> Option<Value> {
    let rows: Vec<Vec<Value>> = rows.map(|row| row.iter().map(inline_button).collect()).collect();
    (!rows.is_empty()).then(|| json!({ "inline_keyboard": rows }))
}

fn inline_button(button: &Button) -> Value {
    let mut shown = Map::from_iter([("text".to_owned(), button.title.as_str().into())]);
    let (key, value) = extra(button, &INLINE).map_or_else(
        || {
            let payload = button.payload.as_deref().filter(|payload| !payload.is_empty());
            let data = payload.map_or_else(|| PAYLOAD.shorten(&button.title), str::to_owned);
            ("callback_data", data.into())
        },
        |(key, value)| (key, value.clone()),
    );
    shown.insert(key.to_owned(), value);
    shown.into()
}

/// Each in a row of its own, as in Rasa.
fn reply(buttons: &[Button]) -> Option<Value> {
    let button = |button: &Button| {
        let mut shown = Map::from_iter([("text".to_owned(), button.title.as_str().into())]);
        shown.extend(extra(button, &REPLY).map(|(key, value)| (key.to_owned(), value.clone())));
        vec![Value::Object(shown)]
    };
    let rows: Vec<_> = buttons.iter().map(button).collect();
    (!rows.is_empty())
        .then(|| json!({ "keyboard": rows, "resize_keyboard": false, "one_time_keyboard": true }))
}

fn extra<'a>(button: &'a Button, known: &[&'static str]) -> Option<(&'static str, &'a Value)> {
    known.iter().find_map(|key| Some((*key, button.extra.get(*key).filter(|value| !value.is_null())?)))
}

/// As few rows as can be read: the buttons of one are equally wide.
fn rows(buttons: &[Button]) -> Vec<&[Button]> {
    let mut rows = Vec::new();
    let mut rest = buttons;
    while !rest.is_empty() {
        let fits = |count: &usize| {
            let widest = rest[..*count].iter().map(|button| button.title.chars().count()).max();
            widest.unwrap_or_default() * count <= ROW_WIDTH
        };
        let count = (1..=rest.len().min(IN_ROW)).take_while(fits).last().unwrap_or(1);
        let (row, behind) = rest.split_at(count);
        rows.push(row);
        rest = behind;
    }
    rows
}
