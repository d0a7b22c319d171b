//! `endpoints.yml`: who answers, and where what the server needs is.

mod keys;
mod load;

use channel_agent::{ActionServerConfig, RasaAgentConfig};
use channel_endpoint::EndpointConfig;

pub use load::{load, parse};

use crate::StoreLocation;

/// What an `endpoints.yml` says.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Endpoints {
    /// `agent`: who answers, if that is not the program's own agent or a bot's folder.
    pub agent: Option<RasaAgentConfig>,
    /// `action_endpoint`: where custom actions run.
    pub action_endpoint: Option<ActionServerConfig>,
    /// `nlg`: who words the responses, if that is not the domain.
    pub nlg: Option<EndpointConfig>,
    /// `tracker_store`: where messages, conversations and replies are kept.
    pub store: Option<StoreLocation>,
    /// `conversations: shared`: one sender has one conversation through all channels, as in Rasa.
    pub shared_conversations: bool,
}
