//! The arguments of a call, and why it is refused.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{blocks, too_many};
use crate::fake::Answer;

/// The most characters of a text, <https://docs.slack.dev/reference/methods/chat.postMessage>.
const TEXT: usize = 40_000;
/// The most attachments of a message.
const ATTACHMENTS: usize = 100;
/// The most blocks of a message.
const BLOCKS: usize = 50;

/// Why a call is refused.
#[derive(Debug)]
pub(in crate::slack) struct Refusal {
    pub(in crate::slack) code: &'static str,
    messages: Vec<String>,
    /// In seconds: then it was one too many.
    retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn new(code: &'static str) -> Self {
        Self { code, messages: Vec::new(), retry_after: None }
    }

    pub(super) fn because(code: &'static str, messages: Vec<String>) -> Self {
        Self { messages, ..Self::new(code) }
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new("ratelimited") }
    }

    pub(super) fn into_answer(self) -> Answer {
        if let Some(seconds) = self.retry_after {
            return too_many(seconds);
        }
        let mut body = json!({ "ok": false, "error": self.code });
        if !self.messages.is_empty() {
            let messages: Vec<_> = self.messages.iter().map(|message| format!("[ERROR] {message}")).collect();
            body["errors"] = self.messages.into();
            body["response_metadata"] = json!({ "messages": messages });
        }
        Answer::ok(body)
    }
}

/// The arguments of a call.
pub(in crate::slack) struct Arguments(Map<String, Value>);

impl Arguments {
    pub(in crate::slack) fn new(arguments: Map<String, Value>) -> Self {
        Self(arguments)
    }

    pub(in crate::slack) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn required(&self, key: &str) -> Result<&str, Refusal> {
        let missing =
            || Refusal::because("invalid_arguments", vec![format!("missing required field: {key}")]);
        self.text(key).ok_or_else(missing)
    }

    /// Whether something is so: `true`, or the word in a form.
    pub(in crate::slack) fn is(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| *value == true || value == "true" || value == "1")
    }

    /// JSON, which is text in a form.
    pub(super) fn json(&self, key: &str, code: &'static str) -> Result<Option<Cow<'_, Value>>, Refusal> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str(text).map(|json| Some(Cow::Owned(json))).map_err(|_| Refusal::new(code))
            }
            Some(json) => Ok(Some(Cow::Borrowed(json))),
        }
    }

    /// What a message consists of: `text`, `blocks`, `attachments`, `thread_ts`.
    pub(in crate::slack) fn content(&self) -> Result<Map<String, Value>, Refusal> {
        let mut content = Map::new();
        let text = self.text("text").unwrap_or_default();
        if text.chars().count() > TEXT {
            return Err(Refusal::new("msg_too_long"));
        }
        content.insert("text".to_owned(), text.into());
        let mut has_more = false;
        if let Some(list) = self.json("blocks", "invalid_blocks_format")? {
            blocks::check(&list, BLOCKS)?;
            has_more |= list.as_array().is_some_and(|blocks| !blocks.is_empty());
            content.insert("blocks".to_owned(), list.into_owned());
        }
        if let Some(list) = self.json("attachments", "invalid_attachments")? {
            let attachments = list.as_array().ok_or(Refusal::new("invalid_attachments"))?;
            if attachments.len() > ATTACHMENTS {
                return Err(Refusal::new("too_many_attachments"));
            }
            for attachment in attachments {
                attachment.get("blocks").map_or(Ok(()), |list| blocks::check(list, BLOCKS))?;
            }
            has_more |= !attachments.is_empty();
            content.insert("attachments".to_owned(), list.into_owned());
        }
        if text.trim().is_empty() && !has_more {
            return Err(Refusal::new("no_text"));
        }
        if let Some(thread) = self.text("thread_ts") {
            content.insert("thread_ts".to_owned(), thread.into());
        }
        Ok(content)
    }
}
