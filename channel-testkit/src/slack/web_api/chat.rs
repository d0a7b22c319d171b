//! `chat.*`, <https://docs.slack.dev/reference/methods>.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Arguments, Refusal};
use crate::slack::{
    Inner,
    workspace::{BOT_USER, Kind, Place, Post, Workspace},
};

impl Inner {
    pub(super) fn post_message(self: &Arc<Self>, arguments: &Arguments) -> Result<Value, Refusal> {
        let channel = arguments.required("channel")?;
        let content = arguments.content()?;
        let (channel, post) = self.write(channel, None, content)?;
        self.deliver_in_background(self.events_of(&channel, &post));
        Ok(json!({ "channel": channel, "ts": post.ts, "message": post.json() }))
    }

    pub(super) fn post_ephemeral(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let (channel, user) = (arguments.required("channel")?, arguments.required("user")?);
        let content = arguments.content()?;
        let (_, post) = self.write(channel, Some(user), content)?;
        Ok(json!({ "message_ts": post.ts }))
    }

    fn write(
        &self,
        channel: &str,
        only_for: Option<&str>,
        mut content: Map<String, Value>,
    ) -> Result<(String, Post), Refusal> {
        self.change(|workspace| {
            let channel = workspace.writable(channel)?;
            if only_for.is_some_and(|user| !workspace.is_in(user, &channel)) {
                return Err(Refusal::new("user_not_in_channel"));
            }
            self.rate.check(&channel).map_err(Refusal::too_many)?;
            if let Some(blocks) = content.get_mut("blocks") {
                workspace.complete_blocks(blocks);
            }
            let post = workspace.post(&channel, BOT_USER, only_for, content);
            Ok((channel, post.ok_or(Refusal::new("channel_not_found"))?))
        })
    }

    pub(super) fn update(self: &Arc<Self>, arguments: &Arguments) -> Result<Value, Refusal> {
        let (channel, ts) = (arguments.required("channel")?, arguments.required("ts")?);
        let content = arguments.content()?;
        let (before, now) = self.change(|workspace| {
            let before = workspace.own(channel, ts, "cant_update_message")?;
            workspace.replace(channel, ts, content);
            let now = workspace.own(channel, ts, "cant_update_message")?;
            Ok((before, now))
        })?;
        self.deliver_in_background(self.edit_event(channel, &now, &before));
        Ok(json!({ "channel": channel, "ts": ts, "text": now.text(), "message": now.json() }))
    }

    pub(super) fn delete(self: &Arc<Self>, arguments: &Arguments) -> Result<Value, Refusal> {
        let (channel, ts) = (arguments.required("channel")?, arguments.required("ts")?);
        let before = self.change(|workspace| {
            let before = workspace.own(channel, ts, "cant_delete_message")?;
            workspace.remove(channel, ts);
            Ok(before)
        })?;
        self.deliver_in_background(self.deletion_event(channel, &before));
        Ok(json!({ "channel": channel, "ts": ts }))
    }
}

impl Workspace {
    /// The channel that an id or a `#name` is of, if the app may write there; a user's id is of the direct messages with them.
    fn writable(&mut self, channel: &str) -> Result<String, Refusal> {
        if self.user(channel).is_some() {
            return Ok(self.direct_message(channel).id);
        }
        let name = channel.strip_prefix('#').unwrap_or(channel);
        let is_it = |(id, place): &(&String, &Place)| {
            *id == channel || (place.kind == Kind::Public && place.channel.name == name)
        };
        let (id, place) = self.places.iter().find(is_it).ok_or(Refusal::new("channel_not_found"))?;
        if place.is_archived {
            return Err(Refusal::new("is_archived"));
        }
        if !place.has_app {
            return Err(Refusal::new("not_in_channel"));
        }
        Ok(id.clone())
    }

    fn is_in(&self, user: &str, channel: &str) -> bool {
        let is_there = |kind: &Kind| match kind {
            Kind::Public => true,
            Kind::Direct(with) => with == user,
        };
        self.user(user).is_some() && self.places.get(channel).is_some_and(|place| is_there(&place.kind))
    }

    /// A message that the app wrote. One that somebody alone sees can't be had again.
    fn own(&mut self, channel: &str, ts: &str, others: &'static str) -> Result<Post, Refusal> {
        if !self.places.contains_key(channel) {
            return Err(Refusal::new("channel_not_found"));
        }
        let post = self.post_at(channel, ts).filter(|post| post.only_for.is_none());
        let post = post.ok_or(Refusal::new("message_not_found"))?;
        if post.is_of_app() { Ok(post.clone()) } else { Err(Refusal::new(others)) }
    }
}
