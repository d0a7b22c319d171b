//! Custom actions that run elsewhere: the protocol of Rasa's action servers, without its HTTP.

use channel_core::{EventVerbosity, TrackerState, async_trait};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ActionCall, ActionError, ActionOutcome};

/// The version of Rasa whose protocol this is.
const RASA_VERSION: &str = "3.6.21";

/// Runs the custom actions that have no implementation in Rust.
#[async_trait]
pub trait ActionServer: Send + Sync + 'static {
    /// Runs one action.
    ///
    /// # Errors
    ///
    /// [`ActionError::Rejected`] where the server answers 400 with an [`ActionRefusal`], [`ActionError::Failed`] where it
    /// can't be reached or fails.
    async fn run(&self, request: &ActionRequest<'_>) -> Result<ActionOutcome, ActionError>;
}

/// What an action server is asked: the body of `POST /webhook`. The answer is an [`ActionOutcome`].
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ActionRequest<'a> {
    /// The action's name.
    pub next_action: &'a str,
    /// Whose conversation it is.
    pub sender_id: &'a str,
    /// The conversation, with all its events.
    pub tracker: TrackerState,
    /// The domain; `None` leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<&'a Value>,
    /// The version of Rasa that the protocol is of.
    pub version: &'static str,
    /// Whether the domain says of the action that it needs the domain (`send_domain: true`).
    #[serde(skip)]
    pub send_domain: bool,
    /// The headers that the message came with. Those of tracing go along with the request.
    #[serde(skip)]
    pub headers: &'a [(String, String)],
}

/// What an action server answers, with status 400, for an action that refuses to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRefusal {
    /// Why.
    #[serde(default)]
    pub error: String,
    /// The action's name.
    pub action_name: String,
}

impl<'a> ActionCall<'a> {
    /// The request that puts this call to an action server.
    pub fn request(&self) -> ActionRequest<'a> {
        ActionRequest {
            next_action: self.name,
            sender_id: self.tracker.sender_id(),
            tracker: self.tracker.state(EventVerbosity::All),
            domain: Some(self.domain),
            version: RASA_VERSION,
            send_domain: needs_domain(self.name, self.domain),
            headers: &self.message.headers,
        }
    }
}

/// Whether the domain lists an action as `- action_x: {send_domain: true}`.
fn needs_domain(action: &str, domain: &Value) -> bool {
    let actions = domain["actions"].as_array().map_or(&[][..], Vec::as_slice);
    actions.iter().any(|listed| listed[action]["send_domain"] == true)
}
