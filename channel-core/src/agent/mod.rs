//! Who answers: the one seam between a conversation and whatever thinks about it.

mod closure;
mod dialogue;
mod turn;

pub use closure::IntoReplies;
pub use dialogue::{Dialogue, Prediction};
pub use turn::{Steps, Turn};

use async_trait::async_trait;

use crate::BoxError;

/// Answers messages.
///
/// An agent never sees HTTP, a store or a platform. A closure or an `async fn` from a [`UserMessage`] to its replies is
/// an agent too.
///
/// # Examples
///
/// ```
/// use channel_core::{Agent, AgentError, Turn, async_trait};
///
/// struct Echo;
///
/// #[async_trait]
/// impl Agent for Echo {
///     async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
///         turn.reply(turn.message().text.clone());
///         Ok(())
///     }
/// }
///
/// fn agent() -> impl Agent {
///     |message: channel_core::UserMessage| async move { format!("You said {}", message.text) }
/// }
/// ```
///
/// [`UserMessage`]: crate::UserMessage
#[async_trait]
pub trait Agent: Send + Sync + 'static {
    /// Answers one message: reads [`Turn::message`] and calls [`Turn::reply`].
    ///
    /// # Errors
    ///
    /// The message could not be answered. The caller gets a failure, and the reason goes to the log.
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError>;

    /// Whether a turn that was cut short goes on where its tracker shows that it stopped. An agent that says no is asked again
    /// from the start of the turn, with the tracker as it was then: what its finished steps did is not done again.
    fn resumes(&self) -> bool {
        false
    }

    /// What can be asked of this agent besides answering; `None` where it has no domain.
    fn dialogue(&self) -> Option<&dyn Dialogue> {
        None
    }
}

/// Why an agent could not answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AgentError(#[source] BoxError);

impl AgentError {
    /// An error with this cause or text.
    pub fn new(cause: impl Into<BoxError>) -> Self {
        Self(cause.into())
    }
}

impl From<BoxError> for AgentError {
    fn from(cause: BoxError) -> Self {
        Self(cause)
    }
}

impl From<crate::SendError> for AgentError {
    fn from(cause: crate::SendError) -> Self {
        Self::new(cause)
    }
}
