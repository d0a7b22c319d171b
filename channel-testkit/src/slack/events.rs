//! The events of messages, <https://docs.slack.dev/reference/events/message>.

use serde_json::{Value, json};

use super::{
    Inner,
    workspace::{BOT_USER, Kind, Place, Post, Workspace},
};

impl Inner {
    /// The events of a message that was written, as the app is subscribed to them.
    pub(super) fn events_of(&self, channel: &str, post: &Post) -> Vec<Value> {
        let Some(Audience { kind, hears_mentions }) =
            self.look(|workspace| self.audience(workspace, channel))
        else {
            return Vec::new();
        };
        let mut event = post.json();
        event["channel"] = channel.into();
        event["event_ts"] = post.ts.as_str().into();
        if post.content.contains_key("files") {
            event["subtype"] = "file_share".into();
        }
        let mut events = Vec::new();
        if hears_mentions && !post.is_of_app() && post.text().contains(&format!("<@{BOT_USER}>")) {
            let mut mention = event.clone();
            mention["type"] = "app_mention".into();
            events.push(mention);
        }
        if let Some(kind) = kind {
            event["channel_type"] = kind.into();
            events.insert(0, event);
        }
        events
    }

    /// The event of a message that was edited; in `now` it is as it is now.
    pub(super) fn edit_event(&self, channel: &str, now: &Post, before: &Post) -> Vec<Value> {
        let changed = json!({
            "subtype": "message_changed",
            "message": now.json(),
            "previous_message": before.json(),
        });
        self.change_event(channel, changed)
    }

    /// The event of a message that was deleted.
    pub(super) fn deletion_event(&self, channel: &str, before: &Post) -> Vec<Value> {
        let deleted = json!({
            "subtype": "message_deleted",
            "previous_message": before.json(),
            "deleted_ts": before.ts,
        });
        self.change_event(channel, deleted)
    }

    fn change_event(&self, channel: &str, mut event: Value) -> Vec<Value> {
        let audience = self.look(|workspace| self.audience(workspace, channel));
        let Some(kind) = audience.and_then(|audience| audience.kind) else { return Vec::new() };
        let ts =
            self.change(|workspace| format!("{}.{:06}", crate::fake::now(), workspace.next() % 1_000_000));
        for (key, value) in [
            ("type", "message"),
            ("channel", channel),
            ("channel_type", kind),
            ("ts", &ts),
            ("event_ts", &ts),
        ] {
            event[key] = value.into();
        }
        event["hidden"] = true.into();
        vec![event]
    }

    fn audience(&self, workspace: &Workspace, channel: &str) -> Option<Audience> {
        let Place { kind, has_app, .. } = workspace.places.get(channel)?;
        let hears = |event: &str| *has_app && self.settings.events.iter().any(|known| known == event);
        let (kind, subscription) = match kind {
            Kind::Direct(_) => ("im", "message.im"),
            Kind::Public => ("channel", "message.channels"),
        };
        Some(Audience {
            kind: hears(subscription).then_some(kind),
            hears_mentions: kind == "channel" && hears("app_mention"),
        })
    }
}

/// What the app hears of a channel.
struct Audience {
    /// The `channel_type` of messages, where it hears them.
    kind: Option<&'static str>,
    hears_mentions: bool,
}
