//! Where a reply goes.

use serde::{Deserialize, Serialize};

use super::Metadata;

/// Where a reply goes: an id, and what else the platform needs to find the place.
///
/// The id is what the platform calls the chat (a Telegram chat id, a Slack channel, a phone number). It often is the
/// sender's id, and is taken from there when a message names no recipient.
///
/// # Examples
///
/// ```
/// use channel_core::Recipient;
///
/// let mut thread = Recipient::new("C024BE91L");
/// thread.details.insert("thread_ts".into(), "1482960137.003543".into());
/// assert_eq!(thread.id, "C024BE91L");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The platform's id of the chat.
    pub id: String,
    /// What else finds the place: a thread, a service URL, a reply token.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub details: Metadata,
}

impl Recipient {
    /// A recipient that its id alone describes.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), details: Metadata::new() }
    }
}
