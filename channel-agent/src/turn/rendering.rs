//! What custom actions say, as messages.

use channel_core::{BotMessage, Event, Metadata};
use serde_json::Value;

use crate::{actions::ActionError, domain::is_truthy, respond::Responder};

impl Responder<'_> {
    /// The message of one of an outcome's responses: a response of the domain, if it names one, and on top of that what
    /// else it says. `None` where no variation fits.
    pub(super) fn render(&self, mut response: Metadata) -> Result<Option<Metadata>, ActionError> {
        let named = response.shift_remove("response").filter(is_truthy);
        // What `response` was called before Rasa 2.
        let mut message = match named.or_else(|| response.get("template").cloned()) {
            Some(Value::String(name)) if !name.is_empty() => {
                let Some(message) = self.say(&name, &response).map_err(ActionError::failed)? else {
                    tracing::error!(response = name, "no variation of a response fits; nothing is said");
                    return Ok(None);
                };
                message
            }
            _ => Metadata::new(),
        };
        if let Some(Value::Array(buttons)) = response.shift_remove("buttons").filter(is_truthy) {
            match message.get_mut("buttons") {
                Some(Value::Array(present)) => present.extend(buttons),
                _ => drop(message.insert("buttons".to_owned(), buttons.into())),
            }
        }
        message.extend(response.into_iter().filter(|(_, value)| is_truthy(value)));
        Ok(Some(message))
    }
}

/// The event of the bot saying a message.
pub(super) fn bot_event(message: Metadata) -> Result<Event, ActionError> {
    match serde_json::from_value::<BotMessage>(Value::Object(message)) {
        Ok(message) => Ok(Event::bot(&message)),
        Err(error) => Err(ActionError::failed(format!("a message of it can't be sent: {error}"))),
    }
}
