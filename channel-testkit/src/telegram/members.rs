//! Who comes and goes.

use serde_json::{Map, json};

use super::{
    Chat, Fake, User,
    world::{BOT, Kind},
};
use crate::fake::{Delivery, now};

impl Fake {
    /// Somebody joins a group.
    pub async fn join(&self, user: &User, chat: &Chat) -> Delivery {
        self.come_or_go(user, chat, "new_chat_members", ("left", "member")).await
    }

    /// Somebody leaves a group.
    pub async fn leave(&self, user: &User, chat: &Chat) -> Delivery {
        self.come_or_go(user, chat, "left_chat_member", ("member", "left")).await
    }

    /// A message, and for bots that want it a `chat_member`.
    async fn come_or_go(
        &self,
        user: &User,
        chat: &Chat,
        key: &str,
        (before, after): (&str, &str),
    ) -> Delivery {
        let who = self.inner.look(|world| world.user_json(user.id));
        let shown = if key == "new_chat_members" { json!([who]) } else { who.clone() };
        let mut delivery = self.send(user, chat, |_| Map::from_iter([(key.to_owned(), shown)])).await;
        let change = json!({
            "chat": self.inner.look(|world| world.chat_json(chat.id)),
            "from": who,
            "date": now(),
            "old_chat_member": { "user": who, "status": before },
            "new_chat_member": { "user": who, "status": after },
        });
        delivery.extend(self.inner.update("chat_member", change).await);
        delivery
    }

    /// Somebody blocks the bot in their chat with it, or removes it from a group: it may not write there any more.
    pub async fn block(&self, user: &User, chat: &Chat) -> Delivery {
        self.let_in(user, chat, false).await
    }

    /// Somebody lets the bot in again.
    pub async fn unblock(&self, user: &User, chat: &Chat) -> Delivery {
        self.let_in(user, chat, true).await
    }

    async fn let_in(&self, user: &User, chat: &Chat, is_in: bool) -> Delivery {
        let change = self.inner.change(|world| {
            let room = world.rooms.get_mut(&chat.id)?;
            let was_in = std::mem::replace(&mut room.has_bot, is_in);
            let bot = self.inner.bot_json();
            let member =
                |is_in: bool| json!({ "user": bot, "status": if is_in { "member" } else { "kicked" } });
            Some(json!({
                "chat": world.chat_json(chat.id),
                "from": world.user_json(user.id),
                "date": now(),
                "old_chat_member": member(was_in),
                "new_chat_member": member(is_in),
            }))
        });
        match change {
            Some(change) => self.inner.update("my_chat_member", change).await,
            None => Delivery::default(),
        }
    }

    /// A group becomes a supergroup, with another id; the bot is told in the group of old.
    pub async fn upgrade(&self, user: &User, group: &Chat) -> (Chat, Delivery) {
        let supergroup = self.inner.change(|world| {
            let id = -1_000_000_000_000 - world.next();
            let title = world.rooms.get(&group.id).map_or(String::new(), |room| room.title.clone());
            world.open(id, Kind::Supergroup, &title)
        });
        let id = json!(supergroup.id);
        let delivery =
            self.send(user, group, |_| Map::from_iter([("migrate_to_chat_id".to_owned(), id)])).await;
        self.inner.change(|world| {
            if let Some(room) = world.rooms.get_mut(&group.id) {
                room.migrated_to = Some(supergroup.id);
            }
        });
        (supergroup, delivery)
    }
}

impl super::Inner {
    pub(super) fn bot_json(&self) -> serde_json::Value {
        json!({ "id": BOT, "is_bot": true, "first_name": "Bot", "username": self.settings.username })
    }
}
