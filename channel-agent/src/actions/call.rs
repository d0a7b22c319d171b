//! Custom actions in Rust.

use channel_core::{Metadata, Tracker, UserMessage, async_trait};
use serde_json::Value;

use super::{ActionError, ActionOutcome};

/// A custom action, written in Rust. A closure over an [`ActionCall`] is one; where it has to wait for something and
/// needs nothing but the call, an `async fn` is shorter, see [`IntoAction`](super::IntoAction).
///
/// # Examples
///
/// ```
/// use channel_agent::{ActionCall, ActionError, ActionOutcome, CustomAction};
/// use channel_core::async_trait;
///
/// struct Weather;
///
/// #[async_trait]
/// impl CustomAction for Weather {
///     async fn run(&self, call: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
///         let city = call.slot("city").and_then(|city| city.as_str()).unwrap_or("your city");
///         Ok(ActionOutcome::new().say(format!("It is sunny in {city}.")))
///     }
/// }
///
/// # fn check(_: impl CustomAction) {}
/// # check(Weather);
/// check(|call: &ActionCall<'_>| Ok(ActionOutcome::new().say(format!("Hi {}", call.tracker().sender_id()))));
/// ```
#[async_trait]
pub trait CustomAction: Send + Sync + 'static {
    /// Runs the action: what it says, and what it changes, is its outcome.
    ///
    /// # Errors
    ///
    /// [`ActionError::Rejected`] lets another action run in place of this one. Any other failure is logged; the
    /// conversation goes on as if the action had done nothing.
    async fn run(&self, call: &ActionCall<'_>) -> Result<ActionOutcome, ActionError>;
}

#[async_trait]
impl<F> CustomAction for F
where
    F: Fn(&ActionCall<'_>) -> Result<ActionOutcome, ActionError> + Send + Sync + 'static,
{
    async fn run(&self, call: &ActionCall<'_>) -> Result<ActionOutcome, ActionError> {
        self(call)
    }
}

/// What a custom action knows: the conversation so far, and the domain.
#[derive(Clone, Copy, Debug)]
pub struct ActionCall<'a> {
    pub(crate) name: &'a str,
    pub(crate) message: &'a UserMessage,
    pub(crate) tracker: &'a Tracker,
    pub(crate) domain: &'a Value,
}

impl<'a> ActionCall<'a> {
    /// The action's name.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The message being answered.
    pub fn message(&self) -> &'a UserMessage {
        self.message
    }

    /// What the front end sent along with the message.
    pub fn metadata(&self) -> Option<&'a Metadata> {
        self.message.metadata.as_ref()
    }

    /// The conversation so far.
    pub fn tracker(&self) -> &'a Tracker {
        self.tracker
    }

    /// A slot's value; `None` where there is no such slot.
    pub fn slot(&self, name: &str) -> Option<&'a Value> {
        self.tracker.slot(name)
    }

    /// The domain, as Rasa sends it to action servers.
    pub fn domain(&self) -> &'a Value {
        self.domain
    }
}
