//! The limits of blocks, <https://docs.slack.dev/reference/block-kit/blocks>.

use std::{collections::HashSet, ops::RangeInclusive};

use serde_json::Value;

use super::{Refusal, elements};
use crate::slack::shown::list;

/// Checks blocks, of which there are at most so many.
pub(super) fn check(blocks: &Value, most: usize) -> Result<(), Refusal> {
    let all = blocks.as_array().ok_or(Refusal::new("invalid_blocks_format"))?;
    let mut checker = Checker::default();
    checker.count("/blocks", "items", all.len(), 0..=most);
    let mut ids = HashSet::new();
    for (index, block) in all.iter().enumerate() {
        let at = format!("/blocks/{index}");
        checker.block(&at, block);
        if let Some(id) = checker.id(&at, block, "block_id")
            && !ids.insert(id.to_owned())
        {
            checker.wrong(&format!("{at}/block_id"), "`block_id` already exists");
        }
    }
    checker.end()
}

/// Of which type a text object may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Any,
}

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Checker(Vec<String>);

impl Checker {
    fn end(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::because("invalid_blocks", self.0)) }
    }

    pub(super) fn wrong(&mut self, at: &str, what: &str) {
        self.0.push(format!("{what} [json-pointer:{at}]"));
    }

    pub(super) fn count(&mut self, at: &str, what: &str, count: usize, allowed: RangeInclusive<usize>) {
        if count > *allowed.end() {
            self.wrong(at, &format!("no more than {} {what} allowed", allowed.end()));
        } else if count < *allowed.start() {
            self.wrong(at, &format!("no fewer than {} {what} allowed", allowed.start()));
        }
    }

    /// An id that may be there.
    pub(super) fn id<'a>(&mut self, at: &str, part: &'a Value, key: &str) -> Option<&'a str> {
        let id = part.get(key)?.as_str();
        match id {
            Some(id) => self.count(&format!("{at}/{key}"), "characters", id.chars().count(), 1..=255),
            None => self.wrong(&format!("{at}/{key}"), "must be a string"),
        }
        id
    }

    /// A text that may be there.
    pub(super) fn string(&mut self, at: &str, part: &Value, key: &str, most: usize) {
        if let Some(text) = part.get(key) {
            let count = text.as_str().map_or(0, |text| text.chars().count());
            self.count(&format!("{at}/{key}"), "characters", count, 1..=most);
        }
    }

    pub(super) fn required_string(&mut self, at: &str, part: &Value, key: &str, most: usize) {
        match part.get(key) {
            Some(_) => self.string(at, part, key, most),
            None => self.wrong(at, &format!("missing required field: {key}")),
        }
    }

    /// A text object that may be there.
    pub(super) fn text(&mut self, at: &str, part: &Value, key: &str, kind: Kind, most: usize) {
        let Some(text) = part.get(key) else { return };
        let at = format!("{at}/{key}");
        match text.get("type").and_then(Value::as_str) {
            Some("plain_text") => {}
            Some("mrkdwn") if kind == Kind::Any => {}
            _ => self.wrong(&at, "must be a text object of a type that is allowed here"),
        }
        self.required_string(&at, text, "text", most);
    }

    pub(super) fn required_text(&mut self, at: &str, part: &Value, key: &str, kind: Kind, most: usize) {
        match part.get(key) {
            Some(_) => self.text(at, part, key, kind, most),
            None => self.wrong(at, &format!("missing required field: {key}")),
        }
    }

    fn block(&mut self, at: &str, block: &Value) {
        match block.get("type").and_then(Value::as_str) {
            Some("section") => self.section(at, block),
            Some("header") => self.required_text(at, block, "text", Kind::Plain, 150),
            Some("image") => self.image_block(at, block),
            Some("markdown") => self.required_string(at, block, "text", 12_000),
            Some("actions") => self.actions(at, block),
            Some("context") => self.context(at, block),
            Some("input") => {
                self.required_text(at, block, "label", Kind::Plain, 2_000);
                self.text(at, block, "hint", Kind::Plain, 2_000);
                self.one_element(at, block, "element");
            }
            Some("divider" | "file" | "video" | "rich_text" | "table" | "context_actions") => {}
            kind => {
                self.wrong(&format!("{at}/type"), &format!("unsupported type: {}", kind.unwrap_or("none")));
            }
        }
    }

    fn section(&mut self, at: &str, block: &Value) {
        if block.get("text").is_none() && block.get("fields").is_none() {
            self.wrong(at, "either text or fields is required");
        }
        self.text(at, block, "text", Kind::Any, 3_000);
        if let Some(fields) = block.get("fields").and_then(Value::as_array) {
            self.count(&format!("{at}/fields"), "items", fields.len(), 1..=10);
            for (index, field) in fields.iter().enumerate() {
                self.required_string(&format!("{at}/fields/{index}"), field, "text", 2_000);
            }
        }
        if block.get("accessory").is_some() {
            self.one_element(at, block, "accessory");
        }
    }

    fn image_block(&mut self, at: &str, block: &Value) {
        self.image(at, block);
        self.text(at, block, "title", Kind::Plain, 2_000);
    }

    pub(super) fn image(&mut self, at: &str, image: &Value) {
        if image.get("image_url").is_none() && image.get("slack_file").is_none() {
            self.wrong(at, "missing required field: image_url");
        }
        self.string(at, image, "image_url", 3_000);
        self.required_string(at, image, "alt_text", 2_000);
    }

    fn context(&mut self, at: &str, block: &Value) {
        let all = list(block.get("elements"));
        self.count(&format!("{at}/elements"), "items", all.len(), 1..=10);
        for (index, element) in all.iter().enumerate() {
            let at = format!("{at}/elements/{index}");
            match element.get("type").and_then(Value::as_str) {
                Some("image") => self.image(&at, element),
                Some("plain_text" | "mrkdwn") => self.required_string(&at, element, "text", 2_000),
                _ => self.wrong(&at, "must be an image or a text object"),
            }
        }
    }

    fn actions(&mut self, at: &str, block: &Value) {
        let all = list(block.get("elements"));
        self.count(&format!("{at}/elements"), "items", all.len(), 1..=25);
        let mut ids = HashSet::new();
        for (index, element) in all.iter().enumerate() {
            let at = format!("{at}/elements/{index}");
            elements::check(self, &at, element);
            if let Some(id) = element.get("action_id").and_then(Value::as_str)
                && !ids.insert(id)
            {
                self.wrong(&format!("{at}/action_id"), "`action_id` already exists in this block");
            }
        }
    }

    fn one_element(&mut self, at: &str, block: &Value, key: &str) {
        let at = format!("{at}/{key}");
        match block.get(key) {
            Some(element) => elements::check(self, &at, element),
            None => self.wrong(&at, "missing required field: element"),
        }
    }
}
