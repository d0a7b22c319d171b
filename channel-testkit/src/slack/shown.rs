//! What people see.

use serde_json::Value;

use super::workspace::{Kind, Post, Workspace};

/// A message as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Where it stands, by its id.
    pub channel: String,
    /// By what Slack knows it.
    pub ts: String,
    /// The name of its author.
    pub from: String,
    /// Whether the app wrote it.
    pub is_of_app: bool,
    /// The words: of the blocks, where there are some; links by their labels, mentions by names. A line for each part.
    pub text: String,
    /// The buttons, in order.
    pub buttons: Vec<Button>,
    /// The images.
    pub images: Vec<Image>,
    /// The names of the files.
    pub files: Vec<String>,
    /// The message that began the thread, where it is in one.
    pub thread_ts: Option<String>,
    /// Whether one person alone sees it.
    pub is_ephemeral: bool,
    /// Whether it was edited.
    pub is_edited: bool,
    /// As Slack keeps it.
    pub raw: Value,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What is on it.
    pub title: String,
    /// By what the app knows it.
    pub action_id: String,
    /// What the app is told when it is pressed.
    pub value: Option<String>,
    /// Where it leads, if it is a link.
    pub url: Option<String>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its address.
    pub url: String,
    /// What it shows, in words.
    pub alt: String,
}

impl Workspace {
    /// What somebody sees in a channel; `None` is whom direct messages are with, elsewhere everybody.
    pub(super) fn seen(&self, channel: &str, by: Option<&str>) -> Vec<Message> {
        let Some(place) = self.places.get(channel) else { return Vec::new() };
        let by = by.or(match &place.kind {
            Kind::Direct(user) => Some(user),
            Kind::Public => None,
        });
        let is_seen = |post: &&Post| post.only_for.is_none() || post.only_for.as_deref() == by;
        place.posts.iter().filter(is_seen).map(|post| self.shown(channel, post)).collect()
    }

    pub(super) fn shown(&self, channel: &str, post: &Post) -> Message {
        let name = self.user(&post.user).map_or("app", |user| &user.name);
        let mut lines = Vec::new();
        let blocks = list(post.content.get("blocks"));
        match blocks {
            [] => lines.push(self.readable(post.text())),
            blocks => blocks.iter().for_each(|block| self.read(block, &mut lines)),
        }
        for attachment in list(post.content.get("attachments")) {
            self.read_attachment(attachment, &mut lines);
        }
        lines.retain(|line| !line.is_empty());
        let elements = blocks.iter().flat_map(elements_of);
        let images = blocks.iter().flat_map(images_of);
        let files = list(post.content.get("files")).iter().filter_map(|file| string(file, "name"));
        Message {
            channel: channel.to_owned(),
            ts: post.ts.clone(),
            from: name.to_owned(),
            is_of_app: post.is_of_app(),
            text: lines.join("\n"),
            buttons: elements.filter_map(button).collect(),
            images: images.collect(),
            files: files.collect(),
            thread_ts: post.content.get("thread_ts").and_then(Value::as_str).map(str::to_owned),
            is_ephemeral: post.only_for.is_some(),
            is_edited: post.is_edited,
            raw: post.json(),
        }
    }

    /// Reads a block aloud.
    fn read(&self, block: &Value, lines: &mut Vec<String>) {
        match block.get("type").and_then(Value::as_str) {
            Some("rich_text") => lines.push(self.rich_text(block)),
            Some("context") => {
                lines.extend(list(block.get("elements")).iter().filter_map(|text| self.text(text)));
            }
            _ => {
                for part in ["text", "title", "label"] {
                    lines.extend(block.get(part).and_then(|text| self.text(text)));
                }
                lines.extend(list(block.get("fields")).iter().filter_map(|text| self.text(text)));
            }
        }
    }

    fn read_attachment(&self, attachment: &Value, lines: &mut Vec<String>) {
        let before = lines.len();
        for part in ["pretext", "title", "text"] {
            lines.extend(string(attachment, part).map(|text| self.readable(&text)));
        }
        for block in list(attachment.get("blocks")) {
            self.read(block, lines);
        }
        if lines.len() == before {
            lines.extend(string(attachment, "fallback"));
        }
    }

    /// A text object, or a text as it is.
    fn text(&self, text: &Value) -> Option<String> {
        match text {
            Value::String(text) => Some(self.readable(text)),
            _ if text.get("type")? == "plain_text" => string(text, "text"),
            _ => string(text, "text").map(|text| self.readable(&text)),
        }
    }

    /// The leaves of rich text, one after the other; what stands by itself is a line.
    fn rich_text(&self, part: &Value) -> String {
        match part.get("type").and_then(Value::as_str) {
            Some("user") => self.readable(&format!("<@{}>", string(part, "user_id").unwrap_or_default())),
            Some("link") => string(part, "text").or_else(|| string(part, "url")).unwrap_or_default(),
            Some("text") => string(part, "text").unwrap_or_default(),
            kind => {
                let between = if matches!(kind, Some("rich_text" | "rich_text_list")) { "\n" } else { "" };
                let parts = list(part.get("elements")).iter().map(|part| self.rich_text(part));
                parts.collect::<Vec<_>>().join(between)
            }
        }
    }

    /// Slack's marks as people see them, <https://docs.slack.dev/messaging/formatting-message-text>.
    fn readable(&self, text: &str) -> String {
        let mut read = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<')
            && let Some((inside, behind)) = after.split_once('>')
        {
            read.push_str(before);
            let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
            match (target.split_at_checked(1), label) {
                (Some(("@", id)), _) => {
                    read.push('@');
                    read.push_str(self.user(id).map_or("app", |user| &user.name));
                }
                (Some(("#", id)), "") => {
                    read.push('#');
                    read.push_str(self.places.get(id).map_or(id, |place| &place.channel.name));
                }
                (Some(("#", _)), name) => read.extend(["#", name]),
                (Some(("!", all)), "") => read.extend(["@", all]),
                (_, "") => read.push_str(target),
                (_, label) => read.push_str(label),
            }
            rest = behind;
        }
        read.push_str(rest);
        read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }
}

/// What can be pressed, chosen or filled in, in a block.
pub(super) fn elements_of(block: &Value) -> impl Iterator<Item = &Value> {
    let several = match block.get("type").and_then(Value::as_str) {
        Some("actions") => list(block.get("elements")),
        _ => &[],
    };
    several.iter().chain(block.get("accessory")).chain(block.get("element"))
}

fn images_of(block: &Value) -> impl Iterator<Item = Image> {
    let inside = list(block.get("elements")).iter();
    let all = [block].into_iter().chain(block.get("accessory")).chain(inside);
    all.filter(|part| part.get("type").is_some_and(|kind| kind == "image")).map(|image| Image {
        url: string(image, "image_url").unwrap_or_default(),
        alt: string(image, "alt_text").unwrap_or_default(),
    })
}

fn button(element: &Value) -> Option<Button> {
    (element.get("type")? == "button").then(|| Button {
        title: element.pointer("/text/text").and_then(Value::as_str).unwrap_or_default().to_owned(),
        action_id: string(element, "action_id").unwrap_or_default(),
        value: string(element, "value"),
        url: string(element, "url"),
    })
}

pub(super) fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}
