//! What there is in the workspace.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use axum::body::Bytes;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{Channel, User};
use crate::fake::{KEPT, now};

pub(super) const TEAM: &str = "T0FAKE";
pub(super) const APP: &str = "A0FAKE";
pub(super) const BOT: &str = "B0FAKE";
pub(super) const BOT_USER: &str = "U0BOT";

/// How long something may be answered with a view.
const TRIGGER: Duration = Duration::from_secs(3);

/// What there is in the workspace.
#[derive(Default)]
pub(super) struct Workspace {
    pub(super) users: Vec<User>,
    pub(super) places: BTreeMap<String, Place>,
    /// By id.
    pub(super) files: BTreeMap<String, (String, Bytes)>,
    pub(super) triggers: VecDeque<Trigger>,
    pub(super) response_urls: VecDeque<ResponseUrl>,
    /// By user, the topmost last.
    pub(super) views: HashMap<String, Vec<Value>>,
    /// How many ids there are.
    count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Public,
    /// With this user.
    Direct(String),
}

/// A channel, and what was written there.
pub(super) struct Place {
    pub(super) channel: Channel,
    pub(super) kind: Kind,
    pub(super) has_app: bool,
    pub(super) is_archived: bool,
    pub(super) posts: VecDeque<Post>,
    /// Up to where [`Fake::next_reply`](super::Fake::next_reply) has read.
    pub(super) read: u64,
}

/// A message as Slack keeps it.
#[derive(Clone)]
pub(super) struct Post {
    /// In order of arrival, over all channels.
    pub(super) number: u64,
    pub(super) ts: String,
    /// A user's id, or the app's.
    pub(super) user: String,
    /// Who alone sees it.
    pub(super) only_for: Option<String>,
    /// `text`, `blocks`, `attachments`, `files`, `thread_ts`.
    pub(super) content: Map<String, Value>,
    pub(super) is_edited: bool,
    /// What was chosen in it.
    pub(super) state: Map<String, Value>,
}

pub(super) struct Trigger {
    pub(super) id: String,
    pub(super) user: String,
    expires: Instant,
    is_used: bool,
}

pub(super) struct ResponseUrl {
    pub(super) id: String,
    pub(super) channel: String,
    pub(super) user: String,
    /// The message that was pressed.
    pub(super) ts: Option<String>,
    pub(super) uses_left: u32,
    pub(super) expires: Instant,
}

impl Workspace {
    /// A number that no other thing has.
    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(super) fn next_id(&mut self, prefix: &str) -> String {
        format!("{prefix}{:08}", self.next())
    }

    pub(super) fn user_named(&mut self, name: &str) -> User {
        if let Some(user) = self.users.iter().find(|user| user.name == name) {
            return user.clone();
        }
        let id = self.id_of("U0", name, |workspace, id| {
            id == BOT_USER || workspace.users.iter().any(|user| user.id == id)
        });
        let user = User { id, name: name.to_owned() };
        self.users.push(user.clone());
        user
    }

    pub(super) fn channel_named(&mut self, name: &str) -> Channel {
        let is_it = |place: &&Place| place.kind == Kind::Public && place.channel.name == name;
        if let Some(place) = self.places.values().find(is_it) {
            return place.channel.clone();
        }
        let id = self.id_of("C0", name, |workspace, id| workspace.places.contains_key(id));
        self.open(Channel { id, name: name.to_owned() }, Kind::Public)
    }

    pub(super) fn direct_message(&mut self, user: &str) -> Channel {
        let kind = Kind::Direct(user.to_owned());
        if let Some(place) = self.places.values().find(|place| place.kind == kind) {
            return place.channel.clone();
        }
        let id = format!("D{}", user.trim_start_matches('U'));
        self.open(Channel { id, name: "directmessage".to_owned() }, kind)
    }

    fn open(&mut self, channel: Channel, kind: Kind) -> Channel {
        let place = Place {
            channel: channel.clone(),
            kind,
            has_app: true,
            is_archived: false,
            posts: VecDeque::new(),
            read: 0,
        };
        self.places.insert(channel.id.clone(), place);
        channel
    }

    fn id_of(&mut self, prefix: &str, name: &str, is_taken: impl Fn(&Self, &str) -> bool) -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let id = format!("{prefix}{}", letters.collect::<String>().to_ascii_uppercase());
        if is_taken(self, &id) { self.next_id(&id) } else { id }
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Adds a message; `None` where there is no such channel.
    pub(super) fn post(
        &mut self,
        channel: &str,
        user: &str,
        only_for: Option<&str>,
        content: Map<String, Value>,
    ) -> Option<Post> {
        let number = self.next();
        let post = Post {
            number,
            ts: format!("{}.{:06}", now(), number % 1_000_000),
            user: user.to_owned(),
            only_for: only_for.map(str::to_owned),
            content,
            is_edited: false,
            state: Map::new(),
        };
        let posts = &mut self.places.get_mut(channel)?.posts;
        if posts.len() == KEPT {
            posts.pop_front();
        }
        posts.push_back(post.clone());
        Some(post)
    }

    pub(super) fn post_at(&mut self, channel: &str, ts: &str) -> Option<&mut Post> {
        self.places.get_mut(channel)?.posts.iter_mut().find(|post| post.ts == ts)
    }

    pub(super) fn remove(&mut self, channel: &str, ts: &str) -> Option<Post> {
        let posts = &mut self.places.get_mut(channel)?.posts;
        let at = posts.iter().position(|post| post.ts == ts)?;
        posts.remove(at)
    }

    /// What a view can be opened with, for three seconds.
    pub(super) fn trigger(&mut self, user: &str) -> String {
        let number = self.next();
        let id = format!("{number}.{}.fake", now());
        let expires = Instant::now() + TRIGGER;
        if self.triggers.len() == KEPT {
            self.triggers.pop_front();
        }
        self.triggers.push_back(Trigger { id: id.clone(), user: user.to_owned(), expires, is_used: false });
        id
    }

    /// The user that a trigger is of.
    pub(super) fn pull(&mut self, trigger: &str) -> Result<String, &'static str> {
        let trigger = self.triggers.iter_mut().find(|known| known.id == trigger);
        let trigger = trigger.ok_or("invalid_trigger_id")?;
        if Instant::now() > trigger.expires {
            return Err("expired_trigger_id");
        }
        if std::mem::replace(&mut trigger.is_used, true) {
            return Err("exchanged_trigger_id");
        }
        Ok(trigger.user.clone())
    }
}

impl Post {
    pub(super) fn is_of_app(&self) -> bool {
        self.user == BOT_USER
    }

    pub(super) fn text(&self) -> &str {
        self.content.get("text").and_then(Value::as_str).unwrap_or_default()
    }

    /// As Slack shows it to apps.
    pub(super) fn json(&self) -> Value {
        let mut message = json!({ "type": "message", "user": self.user, "ts": self.ts, "team": TEAM });
        if self.is_of_app() {
            message["bot_id"] = BOT.into();
            message["app_id"] = APP.into();
        }
        if self.is_edited {
            message["edited"] = json!({ "user": self.user, "ts": self.ts });
        }
        for (key, value) in &self.content {
            message[key] = value.clone();
        }
        message
    }
}
