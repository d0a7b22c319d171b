//! Buttons, <https://core.telegram.org/bots/api#inlinekeyboardmarkup>.

use serde_json::Value;

/// The most bytes of a button's data.
const DATA: usize = 64;
/// The most buttons below a message.
const BUTTONS: usize = 100;

/// What becomes of the buttons.
pub(super) enum Markup {
    /// Below the message, as it is.
    Inline(Value),
    /// In place of the keyboard: their titles, and whether they go once one is pressed.
    Reply(Vec<String>, bool),
    Remove,
    Nothing,
}

/// Reads a `reply_markup`; what is wrong with it.
pub(super) fn read(markup: &Value) -> Result<Markup, String> {
    if let Some(rows) = markup.get("inline_keyboard") {
        let buttons = buttons(rows).ok_or("can't parse inline keyboard markup JSON object")?;
        if buttons.len() > BUTTONS {
            return Err("reply markup is too long".to_owned());
        }
        buttons.into_iter().try_for_each(check)?;
        return Ok(Markup::Inline(markup.clone()));
    }
    if let Some(rows) = markup.get("keyboard") {
        let buttons = buttons(rows).ok_or("can't parse reply keyboard markup JSON object")?;
        let titles = buttons.into_iter().map(title).collect::<Option<Vec<_>>>();
        let titles = titles.ok_or("can't parse keyboard button: Field \"text\" must be of type String")?;
        let goes = markup.get("one_time_keyboard").is_some_and(|goes| goes == true);
        return Ok(Markup::Reply(titles, goes));
    }
    match markup {
        _ if markup.get("remove_keyboard").is_some_and(|remove| *remove == true) => Ok(Markup::Remove),
        Value::Object(_) => Ok(Markup::Nothing),
        _ => Err("object expected as reply markup".to_owned()),
    }
}

fn buttons(rows: &Value) -> Option<Vec<&Value>> {
    let rows = rows.as_array()?.iter().map(Value::as_array).collect::<Option<Vec<_>>>()?;
    Some(rows.into_iter().flatten().collect())
}

fn title(button: &Value) -> Option<String> {
    let text = button.as_str().or_else(|| button.get("text")?.as_str())?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn check(button: &Value) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("can't parse inline keyboard button: {why}"));
    if button.get("text").and_then(Value::as_str).is_none_or(str::is_empty) {
        return wrong("Field \"text\" must be of type String");
    }
    if let Some(data) = button.get("callback_data") {
        let is_good = data.as_str().is_some_and(|data| (1..=DATA).contains(&data.len()));
        return if is_good { Ok(()) } else { Err("BUTTON_DATA_INVALID".to_owned()) };
    }
    if let Some(url) = button.get("url") {
        let url = url.as_str().unwrap_or_default();
        let is_good = ["http://", "https://", "tg://"].iter().any(|scheme| url.starts_with(scheme));
        return if is_good {
            Ok(())
        } else {
            Err(format!("inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"))
        };
    }
    let others = [
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "copy_text",
        "pay",
    ];
    if others.iter().any(|other| button.get(other).is_some()) {
        return Ok(());
    }
    wrong("Text buttons are unallowed in the inline keyboard")
}
