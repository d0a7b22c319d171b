//! What an action comes to: events.

use channel_core::{Event, EventKind, Metadata, Tracker, Turn};

use super::{ACTION_SESSION_START, rendering::bot_event};
use crate::{
    actions::{ActionCall, ActionError},
    agent::DomainAgent,
};

impl DomainAgent {
    /// The events of an action.
    pub(super) async fn perform(&self, turn: &Turn<'_>, action: &str) -> Result<Vec<Event>, ActionError> {
        if self.bot.domain.actions.contains_key(action) {
            self.perform_custom(action, turn, turn.tracker()).await
        } else {
            self.perform_built_in(turn, action).await
        }
    }

    /// A default action, or a response.
    async fn perform_built_in(&self, turn: &Turn<'_>, action: &str) -> Result<Vec<Event>, ActionError> {
        let (response, then) = match action {
            "action_listen" => return Ok(Vec::new()),
            ACTION_SESSION_START => return Ok(self.session_start(turn.tracker())),
            "action_restart" => ("utter_restart", vec![EventKind::Restart]),
            "action_back" => ("utter_back", vec![EventKind::Rewind, EventKind::Rewind]),
            "action_default_fallback" => ("utter_default", vec![EventKind::Rewind]),
            "action_default_ask_rephrase" => ("utter_ask_rephrase", Vec::new()),
            response => (response, Vec::new()),
        };
        let mut events: Vec<Event> = Vec::new();
        match self.word(turn, turn.tracker(), response, &Metadata::new()).await? {
            Some(message) => events.push(self.now(bot_event(message)?)),
            None if response == action => {
                tracing::error!(response, "no variation of a response fits; nothing is said");
            }
            // A default action is silent unless the domain gives it words.
            None => {}
        }
        events.extend(then.into_iter().map(|kind| self.event(kind)));
        Ok(events)
    }

    /// A custom action, in Rust or on the action server.
    pub(super) async fn perform_custom(
        &self,
        action: &str,
        turn: &Turn<'_>,
        tracker: &Tracker,
    ) -> Result<Vec<Event>, ActionError> {
        let call =
            ActionCall { name: action, message: turn.message(), tracker, domain: &self.bot.domain.json };
        let outcome = match (self.actions.get(action), &self.action_server) {
            (Some(action), _) => action.run(&call).await?,
            (None, Some(server)) => server.run(&call.request()).await?,
            (None, None) => return Err(ActionError::failed("nothing runs this action")),
        };
        outcome.check()?;
        let mut events = Vec::new();
        for response in outcome.responses {
            if let Some(message) = self.render(turn, tracker, response).await? {
                events.push(self.now(bot_event(message)?));
            }
        }
        events.extend(outcome.events);
        Ok(events)
    }
}
