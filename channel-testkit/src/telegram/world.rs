//! What there is.

use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{Chat, User};
use crate::fake::{KEPT, now};

/// The bot's id.
pub(super) const BOT: i64 = 1;

/// What there is.
#[derive(Default)]
pub(super) struct World {
    pub(super) users: Vec<User>,
    pub(super) rooms: BTreeMap<i64, Room>,
    /// By `file_id`.
    pub(super) files: BTreeMap<String, Stored>,
    pub(super) webhook: Option<Webhook>,
    /// What the bot has not taken yet, in order.
    pub(super) pending: VecDeque<Pending>,
    pub(super) last_update: i64,
    /// How many polls there were: a new one ends the one before.
    pub(super) polls: u64,
    /// Kinds of updates that the bot wants; empty for those that all get.
    pub(super) allowed: Vec<String>,
    pub(super) last_error: Option<(u64, String)>,
    /// Buttons that were pressed, in order.
    pub(super) queries: VecDeque<Query>,
    count: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Private,
    Group,
    Supergroup,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
        }
    }
}

/// A chat, and what was written there.
pub(super) struct Room {
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) topics: Vec<i64>,
    /// Whether the bot is not blocked or removed.
    pub(super) has_bot: bool,
    pub(super) migrated_to: Option<i64>,
    /// As Telegram shows them to bots.
    pub(super) messages: VecDeque<Value>,
    /// The titles of the buttons in place of the user's keyboard, and whether they go once one is pressed.
    pub(super) keyboard: Option<(Vec<String>, bool)>,
    last_message: i64,
    /// Up to where [`Fake::next_reply`](super::Fake::next_reply) has read, by topic.
    pub(super) read: HashMap<Option<i64>, i64>,
}

pub(super) struct Stored {
    pub(super) name: String,
    /// None of files at an address.
    pub(super) content: Option<Bytes>,
}

#[derive(Clone)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) secret: Option<String>,
    pub(super) max_connections: i64,
}

pub(super) struct Pending {
    pub(super) id: i64,
    pub(super) body: Value,
    pub(super) is_under_way: bool,
}

pub(super) struct Query {
    pub(super) id: String,
    pub(super) chat: i64,
    pub(super) title: String,
    /// What the bot answered, which may be empty.
    pub(super) answer: Option<String>,
}

impl World {
    /// A number that no other thing has.
    pub(super) fn next(&mut self) -> i64 {
        self.count += 1;
        self.count + 100
    }

    pub(super) fn open(&mut self, id: i64, kind: Kind, title: &str) -> Chat {
        self.rooms.entry(id).or_insert_with(|| Room {
            kind,
            title: title.to_owned(),
            topics: Vec::new(),
            has_bot: true,
            migrated_to: None,
            messages: VecDeque::new(),
            keyboard: None,
            last_message: 0,
            read: HashMap::new(),
        });
        Chat { id, topic: None }
    }

    /// Adds a message; `None` where there is no such chat.
    pub(super) fn post(&mut self, chat: &Chat, from: &Value, content: Map<String, Value>) -> Option<Value> {
        let chat_json = self.chat_json(chat.id);
        let room = self.rooms.get_mut(&chat.id)?;
        room.last_message += 1;
        let mut message =
            json!({ "message_id": room.last_message, "from": from, "chat": chat_json, "date": now() });
        if let Some(topic) = chat.topic {
            message["message_thread_id"] = topic.into();
            message["is_topic_message"] = true.into();
        }
        for (key, value) in content {
            message[key] = value;
        }
        if room.messages.len() == KEPT {
            room.messages.pop_front();
        }
        room.messages.push_back(message.clone());
        Some(message)
    }

    pub(super) fn message(&mut self, chat: i64, id: i64) -> Option<&mut Value> {
        self.rooms.get_mut(&chat)?.messages.iter_mut().find(|message| message["message_id"] == id)
    }
}
