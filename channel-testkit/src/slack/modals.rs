//! Views that the app opens, <https://docs.slack.dev/surfaces/modals>.

use serde_json::{Map, Value, json};

use super::{
    Fake, NotShown, User,
    interact::{chosen, not_shown},
    shown::{elements_of, list, string},
    workspace::{APP, TEAM},
};
use crate::fake::Delivery;

/// A view that somebody has before them.
#[derive(Clone, Debug, PartialEq)]
pub struct Modal {
    /// What is above it.
    pub title: String,
    /// By what the app knows it.
    pub callback_id: String,
    /// The `action_id`s of what can be filled in, in order.
    pub inputs: Vec<String>,
    /// As Slack keeps it.
    pub raw: Value,
}

impl Fake {
    /// The view that somebody has before them.
    pub fn modal(&self, user: &User) -> Option<Modal> {
        let raw = self.inner.look(|workspace| workspace.views.get(&user.id)?.last().cloned())?;
        let elements = list(raw.get("blocks")).iter().flat_map(elements_of);
        Some(Modal {
            title: raw.pointer("/title/text").and_then(Value::as_str).unwrap_or_default().to_owned(),
            callback_id: string(&raw, "callback_id").unwrap_or_default(),
            inputs: elements.filter_map(|element| string(element, "action_id")).collect(),
            raw,
        })
    }

    /// Somebody submits the view before them, filled in: values by `action_id`, as [`choose`](Self::choose) takes them. The view
    /// closes unless the bot's answer says otherwise.
    ///
    /// # Errors
    ///
    /// They have no view before them, or it has no such input or option.
    pub async fn submit(&self, user: &User, inputs: &[(&str, &[&str])]) -> Result<Delivery, NotShown> {
        let mut modal = self.modal(user).ok_or_else(|| not_shown("a view", &user.id))?;
        let mut values = Map::new();
        for (action_id, chosen_values) in inputs {
            let (block, element) = input(&modal.raw, action_id)
                .ok_or_else(|| not_shown(&format!("an input {action_id:?}"), &modal.callback_id))?;
            let (key, value) = chosen(element, chosen_values)?;
            let block = values.entry(block).or_insert_with(|| json!({}));
            block[*action_id] = json!({ "type": element["type"], key: value });
        }
        modal.raw["state"] = json!({ "values": values });
        let payload = json!({ "type": "view_submission", "view": modal.raw, "response_urls": [] });
        let delivery = self.inner.interact(user, payload).await;
        if delivery.is_taken() {
            self.follow(user, delivery.answer());
        }
        Ok(delivery)
    }

    /// Does what the bot answers a submission with.
    fn follow(&self, user: &User, answer: &str) {
        let answer: Value = serde_json::from_str(answer).unwrap_or_default();
        let action = string(&answer, "response_action").unwrap_or_default();
        let view = answer.get("view").cloned().unwrap_or_default();
        self.inner.change(|workspace| {
            let view = workspace.completed_view(view);
            let views = workspace.views.entry(user.id.clone()).or_default();
            match action.as_str() {
                "errors" => {}
                "clear" => views.clear(),
                "push" => views.push(view),
                "update" => {
                    views.pop();
                    views.push(view);
                }
                _ => {
                    views.pop();
                }
            }
        });
    }

    /// Somebody closes the view before them; the app is told where the view says `notify_on_close`.
    ///
    /// # Errors
    ///
    /// They have no view before them.
    pub async fn close_modal(&self, user: &User) -> Result<Delivery, NotShown> {
        let view = self.inner.change(|workspace| workspace.views.get_mut(&user.id)?.pop());
        let view = view.ok_or_else(|| not_shown("a view", &user.id))?;
        if view.get("notify_on_close") != Some(&Value::Bool(true)) {
            return Ok(Delivery::default());
        }
        let payload = json!({ "type": "view_closed", "view": view, "is_cleared": false });
        Ok(self.inner.interact(user, payload).await)
    }
}

/// The block and the element of an input.
fn input<'a>(view: &'a Value, action_id: &str) -> Option<(String, &'a Value)> {
    list(view.get("blocks")).iter().find_map(|block| {
        let element = elements_of(block).find(|element| element["action_id"] == action_id)?;
        Some((string(block, "block_id")?, element))
    })
}

impl super::workspace::Workspace {
    /// A view with all that Slack adds to it.
    pub(super) fn completed_view(&mut self, mut view: Value) -> Value {
        if view.is_object() {
            view["id"] = self.next_id("V").into();
            view["team_id"] = TEAM.into();
            view["app_id"] = APP.into();
            view["hash"] = format!("hash{}", self.next()).into();
            view["state"] = json!({ "values": {} });
            if let Some(blocks) = view.get_mut("blocks") {
                self.complete_blocks(blocks);
            }
        }
        view
    }

    /// Blocks whose every block and element has an id.
    pub(super) fn complete_blocks(&mut self, blocks: &mut Value) {
        for block in blocks.as_array_mut().into_iter().flatten() {
            self.complete(block, "block_id");
            let has_elements = block["type"] == "actions";
            let several = block.get_mut("elements").filter(|_| has_elements).and_then(Value::as_array_mut);
            several.into_iter().flatten().for_each(|element| self.complete(element, "action_id"));
            for place in ["accessory", "element"] {
                if let Some(element) = block.get_mut(place).filter(|element| element["type"] != "image") {
                    self.complete(element, "action_id");
                }
            }
        }
    }

    fn complete(&mut self, part: &mut Value, key: &str) {
        if let Some(part) = part.as_object_mut()
            && !part.contains_key(key)
        {
            part.insert(key.to_owned(), format!("id{}", self.next()).into());
        }
    }
}
