//! Where a message goes.

use channel_core::Recipient;
use serde_json::Value;

/// Where a message goes.
pub(super) struct Place<'a> {
    /// A channel, or a user for the direct messages with them.
    pub(super) channel: &'a str,
    pub(super) thread_ts: Option<&'a str>,
    /// Whoever is answered.
    pub(super) user: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// The place of a recipient. One that is known by the name of the conversation alone is where that name says, or else in
    /// the default channel, or else the user who it is with.
    pub(super) fn of(to: &'a Recipient, default: Option<&'a str>) -> Self {
        if !to.details.is_empty() {
            let detail = |key| to.details.get(key).and_then(Value::as_str);
            return Self { channel: &to.id, thread_ts: detail("thread_ts"), user: detail("user") };
        }
        // <user>_<channel>_<thread>; no id of Slack's has an underscore.
        let mut parts = to.id.split('_');
        let user = parts.next();
        match parts.next() {
            Some(channel) => Self { channel, thread_ts: parts.next(), user },
            None => Self { channel: default.unwrap_or(&to.id), thread_ts: None, user },
        }
    }
}
