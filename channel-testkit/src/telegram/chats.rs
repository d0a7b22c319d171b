//! Who is there, and where they write.

use serde_json::{Value, json};

use super::{
    Fake,
    world::{Kind, World},
};

/// Somebody on Telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// As `5001`.
    pub id: i64,
    /// As `Ada`.
    pub first_name: String,
}

/// A chat, or one topic of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// Negative for groups.
    pub id: i64,
    /// The topic, in a chat that has topics.
    pub topic: Option<i64>,
}

impl Fake {
    /// Somebody of this name: whoever is there already, or somebody new.
    pub fn user(&self, first_name: &str) -> User {
        self.inner.change(|world| {
            if let Some(user) = world.users.iter().find(|user| user.first_name == first_name) {
                return user.clone();
            }
            let id = 5_001 + i64::try_from(world.users.len()).unwrap_or_default();
            let user = User { id, first_name: first_name.to_owned() };
            world.users.push(user.clone());
            user
        })
    }

    /// The chat between somebody and the bot.
    pub fn private_chat(&self, user: &User) -> Chat {
        self.inner.change(|world| world.open(user.id, Kind::Private, &user.first_name))
    }

    /// A new group with the bot in it.
    pub fn group(&self, title: &str) -> Chat {
        self.inner.change(|world| {
            let id = -world.next();
            world.open(id, Kind::Group, title)
        })
    }

    /// A new supergroup with the bot in it.
    pub fn supergroup(&self, title: &str) -> Chat {
        self.inner.change(|world| {
            let id = -1_000_000_000_000 - world.next();
            world.open(id, Kind::Supergroup, title)
        })
    }

    /// A new topic of a supergroup, which from then on has topics.
    pub fn topic(&self, supergroup: &Chat) -> Chat {
        self.inner.change(|world| {
            let topic = world.next();
            if let Some(room) = world.rooms.get_mut(&supergroup.id) {
                room.topics.push(topic);
            }
            Chat { id: supergroup.id, topic: Some(topic) }
        })
    }
}

impl World {
    pub(super) fn user_json(&self, id: i64) -> Value {
        let user = self.users.iter().find(|user| user.id == id);
        let name = user.map_or("", |user| &user.first_name);
        let username = name.to_lowercase();
        json!({ "id": id, "is_bot": false, "first_name": name, "username": username, "language_code": "en" })
    }

    pub(super) fn chat_json(&self, id: i64) -> Value {
        let Some(room) = self.rooms.get(&id) else { return Value::Null };
        let name = if room.kind == Kind::Private { "first_name" } else { "title" };
        let mut chat = json!({ "id": id, "type": room.kind.name(), name: room.title });
        if !room.topics.is_empty() {
            chat["is_forum"] = true.into();
        }
        chat
    }
}
