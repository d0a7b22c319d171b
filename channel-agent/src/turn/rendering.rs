//! Responses put into words, and what custom actions say, as messages.

use channel_core::{BotMessage, Event, Metadata, Tracker, Turn};
use serde_json::Value;

use crate::{
    actions::ActionError, agent::DomainAgent, domain::is_truthy, nlg::NlgRequest, respond::Responder,
};

impl DomainAgent {
    /// The message of a response, from the NLG server if there is one; `None` where no variation fits.
    pub(super) async fn word(
        &self,
        turn: &Turn<'_>,
        tracker: &Tracker,
        response: &str,
        arguments: &Metadata,
    ) -> Result<Option<Metadata>, ActionError> {
        let responder = Responder {
            domain: &self.bot.domain,
            chooser: &*self.chooser,
            channel: turn.channel(),
            slots: tracker.slots(),
        };
        let Some(server) = &self.nlg_server else {
            return responder.say(response, arguments).map_err(ActionError::failed);
        };
        let request = NlgRequest::new(response, arguments, tracker, turn.channel())
            .with_id(responder.id(response))
            .with_headers(&turn.message().headers);
        let mut message = server.generate(&request).await.map_err(ActionError::Failed)?;
        message.insert("utter_action".to_owned(), response.into());
        Ok(Some(message))
    }

    /// The message of one of an outcome's responses: a response of the domain, if it names one, and on top of that what
    /// else it says. `None` where no variation fits.
    pub(super) async fn render(
        &self,
        turn: &Turn<'_>,
        tracker: &Tracker,
        mut response: Metadata,
    ) -> Result<Option<Metadata>, ActionError> {
        let named = response.shift_remove("response").filter(is_truthy);
        // What `response` was called before Rasa 2.
        let mut message = match named.or_else(|| response.get("template").cloned()) {
            Some(Value::String(name)) if !name.is_empty() => {
                let Some(message) = self.word(turn, tracker, &name, &response).await? else {
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
