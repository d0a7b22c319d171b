//! The Events API, <https://docs.slack.dev/apis/events-api>.

use channel_core::Metadata;
use serde_json::{Value, json};

use super::{Reader, Said, rich_text, str_at, text, text_at};

/// Slack's own voice in direct messages.
const SLACKBOT: &str = "USLACKBOT";

impl Reader {
    pub(super) fn said_by_event(&self, body: &Value) -> Option<Said> {
        match str_at(body, "/type") {
            Some("event_callback") => self.said_by_callback(body, body.get("event")?),
            Some("app_rate_limited") => {
                let team = str_at(body, "/team_id");
                tracing::warn!(
                    team,
                    "Slack holds back events: more than 30,000 came within an hour; subscribe to fewer"
                );
                None
            }
            kind => {
                tracing::debug!(kind, "a delivery of Slack's of no known type");
                None
            }
        }
    }

    fn said_by_callback(&self, body: &Value, event: &Value) -> Option<Said> {
        let subtype = str_at(event, "/subtype").filter(|subtype| !subtype.is_empty());
        match (str_at(event, "/type")?, subtype) {
            ("app_mention", _) => said(body, event),
            ("message", None | Some("file_share" | "me_message" | "thread_broadcast"))
                if self.listens_to(event) =>
            {
                said(body, event)
            }
            ("message", Some("message_changed")) if self.edits && self.listens_to(event) => {
                changed(body, event)
            }
            ("message", Some("message_deleted")) if self.edits && self.listens_to(event) => {
                deleted(body, event)
            }
            _ => None,
        }
    }

    /// Whether what is said here is meant for the bot.
    fn listens_to(&self, event: &Value) -> bool {
        let channel = str_at(event, "/channel");
        let is_direct = match str_at(event, "/channel_type") {
            Some(kind) => ["im", "app_home"].contains(&kind),
            // Events of old do not say.
            None => channel.is_some_and(|channel| channel.starts_with('D')),
        };
        is_direct || (channel.is_some() && channel == self.channel.as_deref())
    }
}

/// One message may come as a message and as a mention, each an event of its own: what they share is its place.
fn said(body: &Value, event: &Value) -> Option<Said> {
    let written = str_at(event, "/text").filter(|text| !text.is_empty());
    let words = written.map_or_else(|| rich_text::words(event.get("blocks")), str::to_owned);
    // A message that is passed on is an attachment.
    let sent = ["files", "attachments"].into_iter().filter_map(|kind| {
        let sent = event.get(kind).and_then(Value::as_array).filter(|sent| !sent.is_empty())?;
        Some((kind.to_owned(), json!(sent)))
    });
    let more: Metadata = sent.collect();
    if words.is_empty() && more.is_empty() {
        return None;
    }
    let ts = str_at(event, "/ts")?;
    let team = str_at(body, "/team_id").unwrap_or_default();
    let channel = text_at(event, "/channel")?;
    let message_id = Some(format!("{team}/{channel}/{ts}"));
    person(body, event).map(|user| Said { message_id, ..at(body, event, event, &words, user, more) })
}

/// A change without another text is no edit: Slack adds previews of links, and counts replies. Where it does not say what was there
/// before, it says whether somebody edited it.
fn changed(body: &Value, event: &Value) -> Option<Said> {
    let now = event.get("message")?;
    if str_at(now, "/subtype") == Some("tombstone") {
        return deleted(body, event);
    }
    let (words, previous) = (str_at(now, "/text")?, str_at(event, "/previous_message/text"));
    let is_edit = match previous {
        Some(previous) => words != previous,
        None => now.get("edited").is_some_and(Value::is_object),
    };
    if !is_edit {
        return None;
    }
    let more = event_of("message_changed", now, previous);
    person(body, now).map(|user| at(body, event, now, words, user, more))
}

fn deleted(body: &Value, event: &Value) -> Option<Said> {
    let before = event.get("previous_message")?;
    let more = event_of("message_deleted", before, str_at(before, "/text"));
    person(body, before).map(|user| at(body, event, before, "", user, more))
}

fn event_of(kind: &str, message: &Value, previous_text: Option<&str>) -> Metadata {
    let event = json!({ "ts": message.get("ts"), "previous_text": previous_text });
    Metadata::from_iter([(kind.to_owned(), event)])
}

fn at(body: &Value, event: &Value, message: &Value, words: &str, user: &str, more: Metadata) -> Said {
    let users = bots(body);
    Said {
        text: text::spoken(words, &users),
        is_payload: false,
        user: user.to_owned(),
        channel: text_at(event, "/channel"),
        thread: text_at(message, "/thread_ts").or_else(|| text_at(message, "/ts")),
        users,
        message_id: text_at(body, "/event_id"),
        more,
    }
}

/// Who wrote it, if that is a person: neither this bot nor another.
fn person<'a>(body: &Value, message: &'a Value) -> Option<&'a str> {
    let is_bot = message.get("bot_id").is_some_and(|id| !id.is_null() && id != "")
        || str_at(message, "/subtype") == Some("bot_message");
    str_at(message, "/user").filter(|user| !is_bot && !["", SLACKBOT].contains(user) && !is_us(body, user))
}

fn is_us(body: &Value, user: &str) -> bool {
    authorizations(body).iter().any(|authorization| {
        authorization.get("is_bot") == Some(&Value::Bool(true))
            && str_at(authorization, "/user_id") == Some(user)
    })
}

/// The ids under which the bot is mentioned: `authed_users` in events of old, now the first of `authorizations`.
fn bots(body: &Value) -> Vec<String> {
    let authed = body.get("authed_users").and_then(Value::as_array).filter(|users| !users.is_empty());
    match authed {
        Some(users) => users.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => {
            authorizations(body).first().and_then(|first| text_at(first, "/user_id")).into_iter().collect()
        }
    }
}

fn authorizations(body: &Value) -> &[Value] {
    body.get("authorizations").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
