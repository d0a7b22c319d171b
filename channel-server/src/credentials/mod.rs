//! `credentials.yml`: which channels are mounted, and with which settings.
//!
//! All mistakes of a file are reported at once, each with its place and how to mend it. No message shows a value:
//! values are secrets. Keys are shown as written, variables not filled in.

mod instances;
mod linked;
mod load;
mod panics;
mod reserved;
mod resolve;

use std::sync::Arc;

use channel_core::{Concurrency, InputChannel, Position, Registration, Secret};

pub use load::{load, parse};

pub use crate::config::{ConfigError, Environment};

/// A channel that the credentials name, ready to be mounted.
#[derive(Clone)]
pub struct Mount {
    /// The channel's declaration.
    pub registration: &'static Registration,
    /// The instance's name, where the credentials configure several.
    pub instance: Option<String>,
    /// The channel.
    pub channel: Arc<dyn InputChannel>,
    /// What a request must show to be let in, besides what the channel itself checks.
    pub bearer_token: Option<Secret>,
    /// The operator's word that this channel may run without verification.
    pub insecure: bool,
    /// What becomes of messages that come while their conversation is busy.
    pub concurrency: Concurrency,
    /// Whether every text may be a payload, as in Rasa.
    pub typed_payloads: bool,
    /// Where the file names it.
    pub position: Position,
}

impl Mount {
    /// The path below which the channel's routes are: `/webhooks/myio`, `/webhooks/slack/acme`.
    pub fn route(&self) -> String {
        resolve::route(self.registration, self.instance.as_deref())
    }
}
