//! Which conversation.

use std::{fmt, sync::Arc};

/// Names a conversation: the channel that it goes through, and who speaks.
///
/// The channel belongs to it, so that nobody can go on with somebody's conversation on another channel by naming its id.
/// An instance of a channel is a channel of its own here: `slack/acme`.
///
/// # Examples
///
/// ```
/// use channel_engine::Conversation;
///
/// let conversation = Conversation::new("slack/acme", "U024BE7LH");
/// assert_eq!(conversation.to_string(), "slack/acme:U024BE7LH");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conversation {
    /// The channel's name, with `/` and the instance where there are several; empty where conversations are shared by
    /// all channels.
    pub channel: Arc<str>,
    /// Who speaks.
    pub sender_id: Arc<str>,
}

impl Conversation {
    /// The conversation with this sender through this channel.
    pub fn new(channel: impl Into<Arc<str>>, sender_id: impl Into<Arc<str>>) -> Self {
        Self { channel: channel.into(), sender_id: sender_id.into() }
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.channel.is_empty() {
            return f.write_str(&self.sender_id);
        }
        write!(f, "{}:{}", self.channel, self.sender_id)
    }
}
