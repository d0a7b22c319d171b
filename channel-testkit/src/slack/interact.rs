//! What people press and choose, command and use shortcuts for.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{
    Channel, Fake, Inner, Message, User,
    deliver::Parcel,
    shown::{elements_of, list, string},
    workspace::{APP, Post, ResponseUrl, TEAM, Workspace},
};
use crate::fake::{Delivery, KEPT, now};

/// How long, and how often, an answer may come through a `response_url`.
const ANSWERS: (Duration, u32) = (Duration::from_mins(30), 5);

/// What somebody wanted to press or choose is not there to be seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} is not shown in {place}")]
pub struct NotShown {
    /// What was looked for.
    pub wanted: String,
    /// Where.
    pub place: String,
}

/// An element of a message.
struct Found {
    post: Post,
    block_id: String,
    element: Value,
}

impl Fake {
    /// Somebody presses the newest button with this title that they see in a channel.
    ///
    /// # Errors
    ///
    /// They see no such button.
    pub async fn press(&self, user: &User, channel: &Channel, title: &str) -> Result<Delivery, NotShown> {
        let has_title = |element: &Value| {
            element["type"] == "button" && element.pointer("/text/text").is_some_and(|text| text == title)
        };
        let found = self.found(user, channel, has_title);
        let found = found.ok_or_else(|| not_shown(&format!("a button {title:?}"), &channel.id))?;
        let Value::Object(button) = &found.element else { return Ok(Delivery::default()) };
        let shown = ["text", "value", "style"].into_iter().filter_map(|key| button.get_key_value(key));
        let shown = shown.map(|(key, value)| (key.clone(), value.clone())).collect();
        Ok(self.act(user, channel, found, shown).await)
    }

    /// Somebody chooses in the newest element with this `action_id`: options by their titles; users, conversations and channels
    /// by their ids; dates, times and texts as such, a `datetimepicker` in Unix seconds. No value takes a choice back.
    ///
    /// # Errors
    ///
    /// They see no such element, or it has no such option.
    pub async fn choose(
        &self,
        user: &User,
        channel: &Channel,
        action_id: &str,
        values: &[&str],
    ) -> Result<Delivery, NotShown> {
        let found = self.found(user, channel, |element| element["action_id"] == action_id);
        let found = found.ok_or_else(|| not_shown(&format!("an element {action_id:?}"), &channel.id))?;
        let (key, value) = chosen(&found.element, values)?;
        Ok(self.act(user, channel, found, Map::from_iter([(key.to_owned(), value)])).await)
    }

    fn found(&self, user: &User, channel: &Channel, fits: impl Fn(&Value) -> bool) -> Option<Found> {
        self.inner.look(|workspace| {
            let posts = workspace.places.get(&channel.id)?.posts.iter().rev();
            let mut seen = posts.filter(|post| post.only_for.as_ref().is_none_or(|only| *only == user.id));
            seen.find_map(|post| {
                let blocks = list(post.content.get("blocks")).iter();
                let in_block = |block: &Value| {
                    let element = elements_of(block).find(|element| fits(element))?.clone();
                    Some(Found { post: post.clone(), block_id: string(block, "block_id")?, element })
                };
                blocks.clone().find_map(in_block)
            })
        })
    }

    async fn act(
        &self,
        user: &User,
        channel: &Channel,
        Found { post, block_id, element }: Found,
        shown: Map<String, Value>,
    ) -> Delivery {
        let action_id = string(&element, "action_id").unwrap_or_default();
        let mut value = Map::from_iter([("type".to_owned(), element["type"].clone())]);
        value.extend(shown);
        let state = self.inner.change(|workspace| {
            let post = workspace.post_at(&channel.id, &post.ts)?;
            if element["type"] != "button" {
                let block = post.state.entry(block_id.as_str()).or_insert_with(|| json!({}));
                block[action_id.as_str()] = Value::Object(value.clone());
            }
            Some(post.state.clone())
        });
        let mut action = value;
        action.insert("action_id".to_owned(), action_id.into());
        action.insert("block_id".to_owned(), block_id.into());
        action.insert("action_ts".to_owned(), format!("{}.5", now()).into());
        let ephemeral = post.only_for.is_some();
        let payload = json!({
            "type": "block_actions",
            "container": {
                "type": "message",
                "message_ts": post.ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            "channel": { "id": channel.id, "name": self.inner.name_of(channel) },
            "message": post.json(),
            "state": { "values": state.unwrap_or_default() },
            "response_url": self.inner.response_url(&user.id, &channel.id, Some(&post.ts)),
            "actions": [action],
        });
        self.inner.interact(user, payload).await
    }

    /// Somebody uses a global shortcut of the app.
    pub async fn shortcut(&self, user: &User, callback_id: &str) -> Delivery {
        let payload =
            json!({ "type": "shortcut", "callback_id": callback_id, "action_ts": format!("{}.5", now()) });
        self.inner.interact(user, payload).await
    }

    /// Somebody uses a shortcut of the app on a message.
    pub async fn message_shortcut(&self, user: &User, message: &Message, callback_id: &str) -> Delivery {
        let payload = json!({
            "type": "message_action",
            "callback_id": callback_id,
            "channel": { "id": message.channel },
            "message": message.raw,
            "message_ts": message.ts,
            "response_url": self.inner.response_url(&user.id, &message.channel, Some(&message.ts)),
        });
        self.inner.interact(user, payload).await
    }

    /// Somebody types a slash command of the app, as `/weather` with `Rome`. What the bot answers with is shown to them, or to
    /// all where it says so.
    pub async fn command(&self, user: &User, channel: &Channel, command: &str, text: &str) -> Delivery {
        let trigger = self.inner.change(|workspace| workspace.trigger(&user.id));
        let name = self.inner.name_of(channel);
        let response_url = self.inner.response_url(&user.id, &channel.id, None);
        let fields = [
            ("token", "legacy"),
            ("team_id", TEAM),
            ("team_domain", "fake"),
            ("channel_id", &channel.id),
            ("channel_name", &name),
            ("user_id", &user.id),
            ("user_name", &user.name),
            ("command", command),
            ("text", text),
            ("api_app_id", APP),
            ("is_enterprise_install", "false"),
            ("response_url", &response_url),
            ("trigger_id", &trigger),
        ];
        let fields = fields.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        let delivery = self.inner.deliver(&trigger, &Parcel::Command(fields), self.inner.next_manner()).await;
        if delivery.is_taken() {
            self.inner.show_answer(&user.id, &channel.id, delivery.answer());
        }
        delivery
    }
}

impl Inner {
    /// Delivers what somebody did. It is delivered once.
    pub(super) async fn interact(&self, user: &User, mut payload: Value) -> Delivery {
        let trigger = self.change(|workspace| workspace.trigger(&user.id));
        payload["team"] = json!({ "id": TEAM, "domain": "fake" });
        payload["user"] = json!({ "id": user.id, "username": user.name, "name": user.name, "team_id": TEAM });
        payload["api_app_id"] = APP.into();
        payload["token"] = "legacy".into();
        payload["trigger_id"] = trigger.as_str().into();
        self.deliver(&trigger, &Parcel::Interaction(payload), self.next_manner()).await
    }

    fn name_of(&self, channel: &Channel) -> String {
        let name = |workspace: &Workspace| Some(workspace.places.get(&channel.id)?.channel.name.clone());
        self.look(name).unwrap_or_default()
    }

    pub(super) fn response_url(&self, user: &str, channel: &str, ts: Option<&str>) -> String {
        let (time, uses_left) = ANSWERS;
        let id = self.change(|workspace| {
            let id = workspace.next_id("R");
            if workspace.response_urls.len() == KEPT {
                workspace.response_urls.pop_front();
            }
            workspace.response_urls.push_back(ResponseUrl {
                id: id.clone(),
                channel: channel.to_owned(),
                user: user.to_owned(),
                ts: ts.map(str::to_owned),
                uses_left,
                expires: Instant::now() + time,
            });
            id
        });
        self.url(&format!("/response/{id}"))
    }
}

/// Where an element of this kind has what was chosen, and how it says it.
pub(super) fn chosen(element: &Value, values: &[&str]) -> Result<(&'static str, Value), NotShown> {
    let kind = string(element, "type").unwrap_or_default();
    let one = |value: Option<Value>| value.unwrap_or(Value::Null);
    let options = || values.iter().map(|title| option(element, title)).collect::<Result<Vec<_>, _>>();
    let first = || values.first().map(|value| json!(value));
    Ok(match kind.as_str() {
        "static_select" | "external_select" | "overflow" | "radio_buttons" => {
            ("selected_option", one(options()?.into_iter().next()))
        }
        "multi_static_select" | "multi_external_select" | "checkboxes" => {
            ("selected_options", options()?.into())
        }
        "users_select" => ("selected_user", one(first())),
        "multi_users_select" => ("selected_users", json!(values)),
        "conversations_select" => ("selected_conversation", one(first())),
        "multi_conversations_select" => ("selected_conversations", json!(values)),
        "channels_select" => ("selected_channel", one(first())),
        "multi_channels_select" => ("selected_channels", json!(values)),
        "datepicker" => ("selected_date", one(first())),
        "timepicker" => ("selected_time", one(first())),
        "datetimepicker" => {
            let seconds = values.first().and_then(|value| value.parse::<i64>().ok());
            ("selected_date_time", json!(seconds))
        }
        _ => ("value", one(first())),
    })
}

/// The option with this title; an external select has whatever is asked for.
fn option(element: &Value, title: &str) -> Result<Value, NotShown> {
    if element["type"].as_str().is_some_and(|kind| kind.ends_with("external_select")) {
        return Ok(json!({ "text": { "type": "plain_text", "text": title }, "value": title }));
    }
    let groups = list(element.get("option_groups")).iter();
    let mut all =
        list(element.get("options")).iter().chain(groups.flat_map(|group| list(group.get("options"))));
    let found = all.find(|option| option.pointer("/text/text").is_some_and(|text| text == title));
    found
        .cloned()
        .ok_or_else(|| not_shown(&format!("an option {title:?}"), &element["action_id"].to_string()))
}

pub(super) fn not_shown(wanted: &str, place: &str) -> NotShown {
    NotShown { wanted: wanted.to_owned(), place: place.to_owned() }
}
