//! What can be asked of an agent besides answering.

use async_trait::async_trait;
use serde_json::Value;

use super::{AgentError, Turn};
use crate::{Metadata, Tracker};

/// What an agent with a domain can do besides answering: who reads its conversations from outside asks for this, as
/// the HTTP API does.
#[async_trait]
pub trait Dialogue: Send + Sync {
    /// A conversation that has not begun, with the domain's slots declared.
    fn tracker(&self, sender_id: &str) -> Tracker;

    /// The domain, in Rasa's form.
    fn domain(&self) -> &Value;

    /// The name under which the bot's events go (`assistant_id` in their metadata): who adds events from outside marks
    /// them with it, too.
    fn assistant_id(&self) -> Option<&str> {
        None
    }

    /// Whether the domain has this intent.
    fn has_intent(&self, name: &str) -> bool;

    /// Whether something stands for an action of this name.
    fn has_action(&self, name: &str) -> bool;

    /// What is understood of a text: `intent`, `entities`, `text`, ….
    fn parse(&self, text: &str) -> Metadata;

    /// What the agent would do next.
    fn predict(&self, tracker: &Tracker) -> Prediction;

    /// Begins a session where none has begun, or the last one has expired; else does nothing.
    ///
    /// # Errors
    ///
    /// A step could not be committed.
    async fn begin_session(&self, turn: &mut Turn<'_>) -> Result<(), AgentError>;

    /// Adds the message to the conversation, with what is understood of it, and answers nothing.
    ///
    /// # Errors
    ///
    /// A step could not be committed.
    async fn hear(&self, turn: &mut Turn<'_>) -> Result<(), AgentError>;

    /// Runs one action, as if `policy` had chosen it.
    ///
    /// # Errors
    ///
    /// There is no such action, or a step could not be committed.
    async fn execute(
        &self,
        turn: &mut Turn<'_>,
        action: &str,
        policy: Option<&str>,
        confidence: Option<f64>,
    ) -> Result<(), AgentError>;
}

/// What an agent would do next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prediction {
    /// Every action and how much speaks for it, from 0 to 1: the best first, equal ones by name.
    pub scores: Vec<(String, f64)>,
    /// Who would choose the first.
    pub policy: Option<String>,
    /// How sure of it that is, from 0 to 1.
    pub confidence: f64,
}
