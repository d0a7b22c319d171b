//! `edit…` and `deleteMessage`, <https://core.telegram.org/bots/api#updating-messages>.

use serde_json::{Map, Value, json};

use super::{
    Arguments, Refusal, bad,
    messages::{caption, text},
};
use crate::{
    fake::now,
    telegram::{
        Inner,
        keyboard::{self, Markup},
        world::BOT,
    },
};

impl Inner {
    pub(super) fn edit_text(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let content = text(arguments)?;
        self.edit(arguments, content, &["text", "entities", "reply_markup"])
    }

    pub(super) fn edit_caption(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let content = caption(arguments)?;
        self.edit(arguments, content, &["caption", "caption_entities", "reply_markup"])
    }

    pub(super) fn edit_markup(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        self.edit(arguments, Map::new(), &["reply_markup"])
    }

    /// Puts this in the place of these keys.
    fn edit(
        &self,
        arguments: &Arguments,
        mut content: Map<String, Value>,
        keys: &[&str],
    ) -> Result<Value, Refusal> {
        let chat = self.chat(arguments)?;
        let markup = arguments.json("reply_markup")?.map(|markup| keyboard::read(&markup)).transpose();
        match markup.map_err(|why| bad(&why))? {
            Some(Markup::Inline(markup)) if markup["inline_keyboard"] != json!([]) => {
                content.insert("reply_markup".to_owned(), markup);
            }
            None | Some(Markup::Inline(_) | Markup::Nothing) => {}
            Some(Markup::Reply(..) | Markup::Remove) => return Err(bad("inline keyboard expected")),
        }
        let id = arguments.int("message_id").unwrap_or_default();
        self.change(|world| {
            let message = world.message(chat.id, id).ok_or_else(|| bad("message to edit not found"))?;
            let is_of_bot = message["from"]["id"] == BOT;
            let Some(kept) = message.as_object_mut().filter(|_| is_of_bot) else {
                return Err(bad("message can't be edited"));
            };
            if keys.contains(&"text") && !kept.contains_key("text") {
                return Err(bad("there is no text in the message to edit"));
            }
            if keys.iter().all(|key| kept.get(*key) == content.get(*key)) {
                return Err(bad(
                    "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
                ));
            }
            kept.retain(|key, _| !keys.contains(&key.as_str()));
            kept.extend(content);
            kept.insert("edit_date".to_owned(), now().into());
            Ok(kept.clone().into())
        })
    }

    pub(super) fn delete_message(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let chat = self.chat(arguments)?;
        let id = arguments.int("message_id").unwrap_or_default();
        self.change(|world| {
            let not_found = || bad("message to delete not found");
            let messages = &mut world.rooms.get_mut(&chat.id).ok_or_else(not_found)?.messages;
            let at = messages.iter().position(|message| message["message_id"] == id).ok_or_else(not_found)?;
            messages.remove(at);
            Ok(true.into())
        })
    }
}
