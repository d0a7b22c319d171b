//! What people write, send and press.

use serde_json::{Map, Value, json};

use super::{
    Chat, Entity, Fake, Medium, Message, User,
    markup::utf16,
    world::{Query, World},
};
use crate::{
    File,
    fake::{Delivery, KEPT, now},
};

/// What somebody wanted to press is not there to be seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a button {title:?} is not shown in the chat {chat}")]
pub struct NotShown {
    /// What is on the button.
    pub title: String,
    /// Where.
    pub chat: i64,
}

impl Fake {
    /// Somebody writes this; how it was delivered, with all its tries. Without a webhook there are none: it waits for the bot to
    /// ask for it. Commands are known by their `/`.
    pub async fn say(&self, user: &User, chat: &Chat, text: &str) -> Delivery {
        let commands: Vec<_> = commands(text);
        let mut content = Map::from_iter([("text".to_owned(), json!(text))]);
        if !commands.is_empty() {
            content.insert("entities".to_owned(), json!(commands));
        }
        self.send(user, chat, |_| content).await
    }

    /// Somebody sends a file, with this caption, which may be empty.
    pub async fn send_file(
        &self,
        user: &User,
        chat: &Chat,
        medium: Medium,
        file: File,
        caption: &str,
    ) -> Delivery {
        self.send(user, chat, |world| world.sent_file(medium, file, caption)).await
    }

    /// Somebody sends a place, in degrees.
    pub async fn send_location(&self, user: &User, chat: &Chat, latitude: f64, longitude: f64) -> Delivery {
        let location = json!({ "latitude": latitude, "longitude": longitude });
        self.send(user, chat, |_| Map::from_iter([("location".to_owned(), location)])).await
    }

    /// Somebody sends their own telephone number.
    pub async fn send_contact(&self, user: &User, chat: &Chat, phone_number: &str) -> Delivery {
        let contact =
            json!({ "phone_number": phone_number, "first_name": user.first_name, "user_id": user.id });
        self.send(user, chat, |_| Map::from_iter([("contact".to_owned(), contact)])).await
    }

    pub(super) async fn send(
        &self,
        user: &User,
        chat: &Chat,
        content: impl FnOnce(&mut World) -> Map<String, Value>,
    ) -> Delivery {
        let message = self.inner.change(|world| {
            let content = content(world);
            let from = world.user_json(user.id);
            world.post(chat, &from, content)
        });
        match message {
            Some(message) => self.inner.update("message", message).await,
            None => Delivery::default(),
        }
    }

    /// The author of a message edits it.
    pub async fn edit(&self, message: &Message, text: &str) -> Delivery {
        let edited = self.inner.change(|world| {
            let kept = world.message(message.chat.id, message.id)?;
            let key = if kept.get("caption").is_some() { "caption" } else { "text" };
            kept[key] = text.into();
            kept["edit_date"] = now().into();
            Some(kept.clone())
        });
        match edited {
            Some(edited) => self.inner.update("edited_message", edited).await,
            None => Delivery::default(),
        }
    }

    /// Somebody presses the newest button with this title: below a message, or else in place of their keyboard, which says the
    /// title. A link is opened, and the bot is not told.
    ///
    /// # Errors
    ///
    /// There is no such button.
    pub async fn press(&self, user: &User, chat: &Chat, title: &str) -> Result<Delivery, NotShown> {
        let transcript = self.transcript(chat);
        let pressed = transcript.iter().rev().find_map(|message| {
            let button = message.buttons.iter().flatten().find(|button| button.title == title)?;
            Some((message, button))
        });
        if let Some((message, button)) = pressed {
            let Some(data) = &button.data else { return Ok(Delivery::default()) };
            return Ok(self.query(user, message, title, data).await);
        }
        if !self.keyboard(chat).iter().any(|known| known == title) {
            return Err(NotShown { title: title.to_owned(), chat: chat.id });
        }
        self.inner.change(|world| {
            if let Some(room) = world.rooms.get_mut(&chat.id) {
                room.keyboard.take_if(|(_, goes)| *goes);
            }
        });
        Ok(self.say(user, chat, title).await)
    }

    async fn query(&self, user: &User, message: &Message, title: &str, data: &str) -> Delivery {
        let query = self.inner.change(|world| {
            let id = world.next().to_string();
            if world.queries.len() == KEPT {
                world.queries.pop_front();
            }
            let (chat, title) = (message.chat.id, title.to_owned());
            world.queries.push_back(Query { id: id.clone(), chat, title, answer: None });
            json!({
                "id": id,
                "from": world.user_json(user.id),
                "message": message.raw,
                "chat_instance": (-chat).to_string(),
                "data": data,
            })
        });
        self.inner.update("callback_query", query).await
    }
}

/// The commands in a text, as `/help` and `/help@bot`.
fn commands(text: &str) -> Vec<Entity> {
    let mut found = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let command = word.trim_end();
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '@');
        if command.strip_prefix('/').is_some_and(|name| !name.is_empty() && name.chars().all(is_name)) {
            found.push(Entity::new("bot_command", offset, utf16(command)));
        }
        offset += utf16(word);
    }
    found
}
