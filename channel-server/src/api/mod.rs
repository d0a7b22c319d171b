//! The HTTP API: what programs ask of conversations, as of Rasa's server.

mod access;
mod backlog;
mod body;
mod conversations;
mod dead_letters;
mod delivery;
mod docs;
mod event_schema;
mod events;
mod failure;
mod id;
mod jwt;
mod listing;
mod messages;
mod model;
mod options;
mod params;
mod routes;
mod schemas;
mod session;
mod story;
mod tracker;
mod triggers;
mod verify;
mod yaml;

pub(crate) use id::one_segment;
pub use jwt::{Jwt, JwtError};
pub use options::ApiOptions;
pub(crate) use routes::router;

use channel_core::{ChannelState, Dialogue};
use channel_engine::Engine;

use self::{access::Access, failure::Failure};

/// What the routes know.
pub(crate) struct Api {
    engine: Engine,
    channels: Vec<ChannelState>,
    access: Access,
}

impl Api {
    pub(crate) fn new(engine: Engine, channels: Vec<ChannelState>, options: ApiOptions) -> Self {
        Self { engine, channels, access: Access::new(options) }
    }

    /// What can be asked of the agent.
    fn dialogue(&self) -> Result<&dyn Dialogue, Failure> {
        self.engine.agent().dialogue().ok_or_else(Failure::no_dialogue)
    }
}
