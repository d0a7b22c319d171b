//! The keys that every channel's section may have.

use channel_core::{Key, Mistakes, Node, Position, Registration, Secret, Settings, Value};
use serde::{Deserialize, Deserializer};

pub(super) const INSTANCES: &str = "instances";

/// What is said about any channel.
#[derive(Deserialize)]
pub(super) struct Reserved {
    #[serde(default, deserialize_with = "given")]
    pub(super) bearer_token: Option<Secret>,
    #[serde(default)]
    pub(super) insecure: bool,
}

/// The names of the keys.
pub(super) const NAMES: [&str; 3] = ["bearer_token", "insecure", INSTANCES];

/// A token that is named must be there: nothing in its place shall not leave the door open.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Secret::deserialize(deserializer).map(Some)
}

/// Whether a channel leaves the key to us, having no field of that name.
pub(super) fn is_reserved(key: &str, channel: &Registration) -> bool {
    NAMES.contains(&key) && !(channel.setting_names)().is_some_and(|names| names.contains(&key))
}

/// Takes the reserved keys out of a section and reads them.
pub(super) fn take(
    entries: &mut Vec<(Key, Node)>,
    channel: &Registration,
    position: Position,
) -> Result<Reserved, Mistakes> {
    let (ours, theirs) = std::mem::take(entries)
        .into_iter()
        .partition(|(key, _)| key.text != INSTANCES && is_reserved(&key.text, channel));
    *entries = theirs;
    Settings::new(Node { position: Some(position), value: Value::Map(ours) }).read()
}
