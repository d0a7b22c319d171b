//! `send…`, <https://core.telegram.org/bots/api#sendmessage>.

use serde_json::{Map, Value, json};

use super::{Arguments, Refusal, bad};
use crate::telegram::{
    Chat, Inner, Medium,
    keyboard::{self, Markup},
    markup::{self, Formatted, utf16},
    world::{Kind, World},
};

/// The most UTF-16 units of a text, and of a caption.
pub(super) const TEXT: usize = 4_096;
pub(super) const CAPTION: usize = 1_024;

impl Inner {
    /// Sends a message of this kind, as `message`, `photo`.
    pub(super) fn send(&self, kind: &str, arguments: &Arguments) -> Result<Value, Refusal> {
        let mut content = match kind {
            "message" => text(arguments)?,
            "location" => Map::from_iter([("location".to_owned(), location(arguments)?)]),
            "venue" => venue(arguments)?,
            "contact" => contact(arguments)?,
            _ => {
                let is_it = |medium: &Medium| medium.key().replace('_', "") == kind;
                let medium = Medium::ALL.into_iter().find(is_it).ok_or(Refusal::new(404, "Not Found"))?;
                let file = arguments.text(medium.key()).unwrap_or_default();
                let mut content = caption(arguments)?;
                let shown = self.change(|world| world.given_file(medium, &file))?;
                content.insert(medium.key().to_owned(), shown);
                content
            }
        };
        let chat = self.chat(arguments)?;
        let markup = arguments.json("reply_markup")?.map(|markup| keyboard::read(&markup)).transpose();
        let markup = markup.map_err(|why| bad(&why))?.unwrap_or(Markup::Nothing);
        if let Some(answered) = self.answered(&chat, arguments)? {
            content.insert("reply_to_message".to_owned(), answered);
        }
        self.allow(&chat)?;
        let from = self.bot_json();
        self.change(|world| {
            let keyboard = world.rooms.get_mut(&chat.id).map(|room| &mut room.keyboard);
            match (markup, keyboard) {
                (Markup::Inline(markup), _) => {
                    content.insert("reply_markup".to_owned(), markup);
                }
                (Markup::Reply(titles, goes), Some(keyboard)) => *keyboard = Some((titles, goes)),
                (Markup::Remove, Some(keyboard)) => *keyboard = None,
                _ => {}
            }
            world.post(&chat, &from, content).ok_or_else(|| bad("chat not found"))
        })
    }

    /// Sends two to ten files as one.
    pub(super) fn send_album(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let media = arguments.json("media")?.and_then(|media| media.as_array().cloned()).unwrap_or_default();
        if !(2..=10).contains(&media.len()) {
            return Err(bad("wrong number of items in the media group: there must be 2-10 of them"));
        }
        let chat = self.chat(arguments)?;
        let mut contents = Vec::new();
        for one in &media {
            contents.push(self.album_item(one, arguments)?);
        }
        self.allow(&chat)?;
        let from = self.bot_json();
        self.change(|world| {
            let group = world.next().to_string();
            let post = |mut content: Map<String, Value>| {
                content.insert("media_group_id".to_owned(), group.as_str().into());
                world.post(&chat, &from, content)
            };
            Ok(contents.into_iter().filter_map(post).collect::<Vec<_>>().into())
        })
    }

    fn album_item(&self, item: &Value, arguments: &Arguments) -> Result<Map<String, Value>, Refusal> {
        let kinds = [Medium::Photo, Medium::Video, Medium::Document, Medium::Audio];
        let medium = kinds.into_iter().find(|medium| item["type"] == medium.key());
        let medium = medium.ok_or_else(|| bad("can't parse InputMedia: type must be specified"))?;
        let file = item["media"].as_str().unwrap_or_default();
        // What is uploaded beside it has a name there.
        let uploaded = file.strip_prefix("attach://").and_then(|name| arguments.text(name));
        let mut content = caption(&Arguments::new(item.as_object().cloned().unwrap_or_default()))?;
        let file = uploaded.as_deref().unwrap_or(file);
        content.insert(medium.key().to_owned(), self.change(|world| world.given_file(medium, file))?);
        Ok(content)
    }

    fn answered(&self, chat: &Chat, arguments: &Arguments) -> Result<Option<Value>, Refusal> {
        let parameters = arguments.json("reply_parameters")?.unwrap_or_default();
        let id = parameters.get("message_id").and_then(Value::as_i64);
        let Some(id) = id.or_else(|| arguments.int("reply_to_message_id")) else { return Ok(None) };
        let answered = self.change(|world| world.message(chat.id, id).cloned());
        let is_optional = arguments.is("allow_sending_without_reply")
            || parameters.get("allow_sending_without_reply").is_some_and(|optional| *optional == true);
        if answered.is_none() && !is_optional {
            return Err(bad("message to be replied not found"));
        }
        Ok(answered)
    }

    /// Whether one more message may be sent.
    fn allow(&self, chat: &Chat) -> Result<(), Refusal> {
        let whose = chat.id.to_string();
        let is_group =
            self.look(|world| world.rooms.get(&chat.id).is_some_and(|room| room.kind != Kind::Private));
        self.chat_rate.check(&whose).map_err(Refusal::too_many)?;
        if is_group {
            self.group_rate.check(&whose).map_err(Refusal::too_many)?;
        }
        self.account_rate.check("").map_err(Refusal::too_many)
    }
}

impl World {
    /// A file that a bot sends: one that was sent before, or at an address, which nobody looks at.
    fn given_file(&mut self, medium: Medium, file: &str) -> Result<Value, Refusal> {
        let is_address = file.starts_with("http://") || file.starts_with("https://");
        let id = match () {
            () if self.files.contains_key(file) => file.to_owned(),
            () if is_address => self.keep_file(file, None),
            () if file.is_empty() => {
                return Err(bad(&format!("there is no {} in the request", medium.key())));
            }
            () => return Err(bad("wrong file identifier/HTTP URL specified")),
        };
        Ok(self.file_json(medium, &id, None))
    }
}

/// A text with its entities, under such keys.
pub(super) fn formatted(arguments: &Arguments, [key, entities]: [&str; 2]) -> Result<Formatted, Refusal> {
    let text = arguments.text(key).unwrap_or_default();
    if let Some(mode) = arguments.text("parse_mode").filter(|mode| !mode.is_empty()) {
        return markup::parse(&text, &mode).map_err(|why| bad(&why));
    }
    let entities = arguments.json(entities)?.unwrap_or_else(|| json!([]));
    let entities = serde_json::from_value(entities);
    let entities = entities.map_err(|_| bad("can't parse entities: expected an Array of MessageEntity"))?;
    Ok(Formatted { text: text.into_owned(), entities }.tidied())
}

pub(super) fn text(arguments: &Arguments) -> Result<Map<String, Value>, Refusal> {
    let said = formatted(arguments, ["text", "entities"])?;
    if said.text.is_empty() {
        return Err(bad("message text is empty"));
    }
    if utf16(&said.text) > TEXT {
        return Err(bad("message is too long"));
    }
    Ok(keys(said, ["text", "entities"]))
}

pub(super) fn caption(arguments: &Arguments) -> Result<Map<String, Value>, Refusal> {
    let said = formatted(arguments, ["caption", "caption_entities"])?;
    if utf16(&said.text) > CAPTION {
        return Err(bad("message caption is too long"));
    }
    Ok(keys(said, ["caption", "caption_entities"]))
}

fn keys(said: Formatted, [key, entities]: [&str; 2]) -> Map<String, Value> {
    let mut keys = Map::new();
    if !said.entities.is_empty() {
        keys.insert(entities.to_owned(), json!(said.entities));
    }
    if !said.text.is_empty() {
        keys.insert(key.to_owned(), said.text.into());
    }
    keys
}

fn location(arguments: &Arguments) -> Result<Value, Refusal> {
    let degrees = |key: &str, most: f64| {
        let degrees = arguments.number(key).filter(|degrees| degrees.abs() <= most);
        degrees.ok_or_else(|| bad(&format!("wrong {key}: it has to be a number of degrees")))
    };
    Ok(json!({ "latitude": degrees("latitude", 90.0)?, "longitude": degrees("longitude", 180.0)? }))
}

fn venue(arguments: &Arguments) -> Result<Map<String, Value>, Refusal> {
    let location = location(arguments)?;
    let (title, address) = (required(arguments, "title")?, required(arguments, "address")?);
    let venue = json!({ "location": location, "title": title, "address": address });
    Ok(Map::from_iter([("location".to_owned(), location), ("venue".to_owned(), venue)]))
}

fn contact(arguments: &Arguments) -> Result<Map<String, Value>, Refusal> {
    let contact = json!({
        "phone_number": required(arguments, "phone_number")?,
        "first_name": required(arguments, "first_name")?,
    });
    Ok(Map::from_iter([("contact".to_owned(), contact)]))
}

fn required(arguments: &Arguments, key: &str) -> Result<String, Refusal> {
    let text = arguments.text(key).filter(|text| !text.is_empty());
    text.map(std::borrow::Cow::into_owned).ok_or_else(|| bad(&format!("parameter \"{key}\" is required")))
}
