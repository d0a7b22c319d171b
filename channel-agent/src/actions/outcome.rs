//! What came of a custom action.

use channel_core::{BotMessage, BoxError, Event, EventKind, Metadata};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// So much may come of one action: more is a mistake, which would stay in the conversation for ever.
const LIMIT: usize = 10_000;

/// What came of a custom action: what it says, and the events that it adds to the conversation.
///
/// Its JSON is the answer of a Rasa action server.
///
/// # Examples
///
/// ```
/// use channel_agent::ActionOutcome;
/// use channel_core::Event;
///
/// let outcome = ActionOutcome::new().say("Noted.").respond("utter_goodbye").event(Event::slot("city", "Rome"));
/// assert_eq!(outcome.responses.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ActionOutcome {
    /// What happened, such as slots being set.
    #[serde(deserialize_with = "null_is_default")]
    pub events: Vec<Event>,
    /// What is said before that, in order: the keys of a message, or `response` with the name of a response of the
    /// domain, whose arguments the other keys are.
    #[serde(deserialize_with = "null_is_default")]
    pub responses: Vec<Metadata>,
}

/// Why a custom action did not do what it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ActionError {
    /// It refuses to run: another action may.
    #[error("the action was rejected: {0}")]
    Rejected(String),
    /// It failed.
    #[error("{0}")]
    Failed(#[source] BoxError),
}

impl ActionError {
    /// A failure with this cause or text.
    pub fn failed(cause: impl Into<BoxError>) -> Self {
        Self::Failed(cause.into())
    }
}

impl ActionOutcome {
    /// Nothing said, nothing changed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says a message: text, or a [`BotMessage`] with whatever else it shows.
    pub fn say(mut self, message: impl Into<BotMessage>) -> Self {
        if let Ok(Value::Object(mut message)) = serde_json::to_value(message.into()) {
            message.retain(|_, value| !value.is_null());
            self.responses.push(message);
        }
        self
    }

    /// Says a response of the domain.
    pub fn respond(self, response: impl Into<String>) -> Self {
        self.respond_with(response, Metadata::new())
    }

    /// Says a response of the domain; its placeholders are filled with the arguments, and else with slots.
    pub fn respond_with<N: Into<String>>(
        mut self,
        response: impl Into<String>,
        arguments: impl IntoIterator<Item = (N, Value)>,
    ) -> Self {
        let mut entry: Metadata = arguments.into_iter().map(|(name, value)| (name.into(), value)).collect();
        entry.insert("response".to_owned(), response.into().into());
        self.responses.push(entry);
        self
    }

    /// Adds an event.
    pub fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }
}

impl ActionOutcome {
    /// Refuses what is too much for a conversation.
    pub(crate) fn check(&self) -> Result<(), ActionError> {
        let count = self.events.len() + self.responses.len();
        if count > LIMIT {
            return Err(ActionError::failed(format!(
                "it came to {count} events and responses, and at most {LIMIT} are taken"
            )));
        }
        for event in self.events.iter().filter(|event| matches!(event.kind, EventKind::Other { .. })) {
            tracing::warn!(
                event = event.kind.name(),
                "an event of an unknown type is kept, and has no effect"
            );
        }
        Ok(())
    }
}

/// Action servers write `null` where they mean "none".
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
