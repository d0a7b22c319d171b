//! What people see.

use serde_json::Value;

use super::{
    Chat, Entity, Fake, Medium,
    world::{BOT, World},
};
use crate::fake::{TimedOut, lock};

/// A message as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Where it stands.
    pub chat: Chat,
    /// Its `message_id`.
    pub id: i64,
    /// The first name of its author.
    pub from: String,
    /// Whether the bot wrote it.
    pub is_of_bot: bool,
    /// The words, or the caption, without marks.
    pub text: String,
    /// What in the words is shown in another way.
    pub entities: Vec<Entity>,
    /// What else there is to see.
    pub shown: Option<Shown>,
    /// The buttons below it, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// Whether it was edited.
    pub is_edited: bool,
    /// As Telegram keeps it.
    pub raw: Value,
}

/// What a message shows beside words.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Shown {
    /// A file: its name, or its address where it came from one.
    File(Medium, String),
    /// A place, with its title where it has one.
    Place {
        /// In degrees.
        latitude: f64,
        /// In degrees.
        longitude: f64,
        /// Of a venue.
        title: Option<String>,
    },
    /// Somebody's telephone number.
    Contact(String),
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What is on it.
    pub title: String,
    /// What the bot is told when it is pressed.
    pub data: Option<String>,
    /// Where it leads, if it is a link.
    pub url: Option<String>,
}

impl Fake {
    /// What stands in a chat; of one topic where the chat is one.
    pub fn transcript(&self, chat: &Chat) -> Vec<Message> {
        self.inner.look(|world| {
            let messages = world.rooms.get(&chat.id).into_iter().flat_map(|room| &room.messages);
            messages
                .filter(|message| is_in(chat, message))
                .map(|message| world.shown(chat, message))
                .collect()
        })
    }

    /// Waits for the bot's next message in a chat, as it stands when it is there. Each is returned once, in order.
    ///
    /// # Errors
    ///
    /// None came within the [patience](super::Builder::patience).
    pub async fn next_reply(&self, chat: &Chat) -> Result<Message, TimedOut> {
        let next = || {
            // To have read something is no news to others.
            let mut world = lock(&self.inner.world);
            let room = world.rooms.get_mut(&chat.id)?;
            let read = room.read.get(&chat.topic).copied().unwrap_or_default();
            let is_next = |message: &&Value| {
                is_in(chat, message)
                    && message["from"]["id"] == BOT
                    && message["message_id"].as_i64() > Some(read)
            };
            let message = room.messages.iter().find(is_next)?.clone();
            room.read.insert(chat.topic, message["message_id"].as_i64()?);
            Some(world.shown(chat, &message))
        };
        self.inner.changes.find(format!("a reply in the chat {}", chat.id), next).await
    }

    /// The titles of the buttons in place of the user's keyboard.
    pub fn keyboard(&self, chat: &Chat) -> Vec<String> {
        let titles = |world: &World| Some(world.rooms.get(&chat.id)?.keyboard.as_ref()?.0.clone());
        self.inner.look(titles).unwrap_or_default()
    }

    /// The titles of the buttons that were pressed and still show a spinner, since the bot did not answer the query.
    pub fn spinners(&self, chat: &Chat) -> Vec<String> {
        self.inner.look(|world| {
            let here = world.queries.iter().filter(|query| query.chat == chat.id);
            here.filter(|query| query.answer.is_none()).map(|query| query.title.clone()).collect()
        })
    }

    /// What was shown for a moment, or in a window, in answer to buttons that were pressed.
    pub fn notices(&self, chat: &Chat) -> Vec<String> {
        self.inner.look(|world| {
            let here = world.queries.iter().filter(|query| query.chat == chat.id);
            here.filter_map(|query| query.answer.clone()).filter(|answer| !answer.is_empty()).collect()
        })
    }
}

fn is_in(chat: &Chat, message: &Value) -> bool {
    chat.topic.is_none() || message["message_thread_id"].as_i64() == chat.topic
}

impl World {
    pub(super) fn shown(&self, chat: &Chat, message: &Value) -> Message {
        let word = |key: &str| message.get(key).and_then(Value::as_str);
        let entities = message.get("entities").or(message.get("caption_entities"));
        let rows = message.pointer("/reply_markup/inline_keyboard").and_then(Value::as_array);
        let row = |row: &Value| row.as_array().into_iter().flatten().map(button).collect();
        Message {
            chat: chat.clone(),
            id: message["message_id"].as_i64().unwrap_or_default(),
            from: message["from"]["first_name"].as_str().unwrap_or_default().to_owned(),
            is_of_bot: message["from"]["id"] == BOT,
            text: word("text").or(word("caption")).unwrap_or_default().to_owned(),
            entities: entities
                .and_then(|entities| serde_json::from_value(entities.clone()).ok())
                .unwrap_or_default(),
            shown: self.beside(message),
            buttons: rows.into_iter().flatten().map(row).collect(),
            is_edited: message.get("edit_date").is_some(),
            raw: message.clone(),
        }
    }

    fn beside(&self, message: &Value) -> Option<Shown> {
        for medium in Medium::ALL {
            let Some(file) = message.get(medium.key()) else { continue };
            let id = file.get("file_id").or_else(|| file.as_array()?.last()?.get("file_id"))?.as_str()?;
            return Some(Shown::File(medium, self.files.get(id)?.name.clone()));
        }
        let place = message.pointer("/venue/location").or(message.get("location"));
        if let Some(place) = place {
            let title = message.pointer("/venue/title").and_then(Value::as_str).map(str::to_owned);
            let degrees = |key: &str| place[key].as_f64().unwrap_or_default();
            return Some(Shown::Place {
                latitude: degrees("latitude"),
                longitude: degrees("longitude"),
                title,
            });
        }
        message.pointer("/contact/phone_number")?.as_str().map(|number| Shown::Contact(number.to_owned()))
    }
}

fn button(button: &Value) -> Button {
    let word = |key: &str| button.get(key).and_then(Value::as_str).map(str::to_owned);
    Button { title: word("text").unwrap_or_default(), data: word("callback_data"), url: word("url") }
}
