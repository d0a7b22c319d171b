//! What people typed, and whether it is a command, <https://core.telegram.org/bots/features#commands>.

use serde_json::Value;

use super::str_at;

/// What was typed.
pub(super) struct Spoken {
    pub(super) text: String,
    /// Whether it is a command that means what it says. One that goes on as Rasa's payloads do, `/inform{…}`, is just text: nobody
    /// sets a slot by typing.
    pub(super) is_command: bool,
}

/// The words as they were typed, but a command without the bot's name; `None` for a command to another bot.
pub(super) fn spoken(text: &str, entities: Option<&Value>, bot: &str) -> Option<Spoken> {
    let Some((command, rest)) = command(text, entities) else {
        return Some(Spoken { text: text.to_owned(), is_command: false });
    };
    let (command, name) = command.split_once('@').unwrap_or((command, bot));
    if !name.eq_ignore_ascii_case(bot) {
        return None;
    }
    Some(Spoken { text: format!("{command}{rest}"), is_command: !rest.contains(['{', '@']) })
}

/// The command that a text begins with, and what follows. Commands are ASCII: Telegram's UTF-16 units are bytes.
fn command<'a>(text: &'a str, entities: Option<&Value>) -> Option<(&'a str, &'a str)> {
    let Some(entities) = entities else { return unmarked_command(text) };
    let first = |entity: &&Value| {
        str_at(entity, "/type") == Some("bot_command")
            && entity.get("offset").and_then(Value::as_u64) == Some(0)
    };
    let length = entities.as_array()?.iter().find(first)?.get("length")?.as_u64()?;
    let (command, rest) = text.split_at_checked(usize::try_from(length).ok()?)?;
    (command.starts_with('/') && command.is_ascii()).then_some((command, rest))
}

/// The same in a text without entities, as a relay or an archive may pass it on.
fn unmarked_command(text: &str) -> Option<(&str, &str)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (command, rest) = text.split_at(end);
    let mut names = command.strip_prefix('/')?.splitn(2, '@');
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    names.all(is_name).then_some((command, rest))
}
