//! The keys that every channel's section may have.

use std::time::Duration;

use channel_core::{Concurrency, Key, Mistakes, Node, Position, Registration, Secret, Settings, Value};
use serde::{Deserialize, Deserializer, de::Error as _};

pub(super) const INSTANCES: &str = "instances";

const LONGEST_QUIET: Duration = Duration::from_mins(10);

/// What is said about any channel.
#[derive(Deserialize)]
pub(super) struct Reserved {
    #[serde(default, deserialize_with = "given")]
    pub(super) bearer_token: Option<Secret>,
    #[serde(default)]
    pub(super) insecure: bool,
    #[serde(default)]
    pub(super) typed_payloads: bool,
    #[serde(default)]
    concurrency: While,
}

/// What becomes of messages that come while their conversation is busy: `collect`, `{debounce: 1.5}` (seconds).
#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum While {
    #[default]
    Queue,
    Collect,
    Debounce(#[serde(deserialize_with = "quiet")] Duration),
    Interrupt,
    Drop,
}

impl Reserved {
    pub(super) fn concurrency(&self) -> Concurrency {
        match self.concurrency {
            While::Queue => Concurrency::Queue,
            While::Collect => Concurrency::Collect,
            While::Debounce(quiet) => Concurrency::Debounce(quiet),
            While::Interrupt => Concurrency::Interrupt,
            While::Drop => Concurrency::Drop,
        }
    }
}

/// The names of the keys.
pub(super) const NAMES: [&str; 5] = ["bearer_token", "concurrency", "insecure", "typed_payloads", INSTANCES];

/// A token that is named must be there: nothing in its place shall not leave the door open.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Secret::deserialize(deserializer).map(Some)
}

/// Whether a channel leaves the key to us, having no field of that name.
pub(super) fn is_reserved(key: &str, channel: &Registration) -> bool {
    NAMES.contains(&key) && !(channel.setting_names)().is_some_and(|names| names.contains(&key))
}

/// How long nothing may have come before an answer. Who waits for longer than the longest has mistaken the unit.
fn quiet<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    let quiet = Duration::try_from_secs_f64(seconds).ok();
    quiet
        .filter(|quiet| !quiet.is_zero() && *quiet <= LONGEST_QUIET)
        .ok_or_else(|| D::Error::custom("expected a number of seconds above 0 and up to 600"))
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
