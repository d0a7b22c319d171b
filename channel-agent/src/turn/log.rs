//! What happened goes into the tracker, and what was said on its way.

use std::error::Error;

use channel_core::{AgentError, BotMessage, Event, EventKind, Metadata, Turn};
use serde_json::Value;

use crate::{actions::ActionError, agent::DomainAgent, rules::Prediction};

impl DomainAgent {
    /// An event that happens now.
    pub(super) fn event(&self, kind: EventKind) -> Event {
        self.now(Event::new(kind))
    }

    pub(super) fn now(&self, event: Event) -> Event {
        Event { timestamp: (self.clock)(), ..event }
    }

    /// Adds an event to the tracker, under the bot's name.
    pub(super) fn log(&self, turn: &mut Turn<'_>, mut event: Event) {
        if let Some(id) = &self.bot.assistant_id {
            event.metadata.entry("assistant_id").or_insert_with(|| id.as_str().into());
        }
        turn.tracker_mut().apply(event);
    }

    /// Adds events to the tracker; what the bot says in them is sent.
    pub(super) fn log_all(&self, turn: &mut Turn<'_>, events: Vec<Event>) {
        for event in events {
            let said = if let EventKind::Bot { text, data } = &event.kind {
                Some(said(text.as_deref(), data, &event.metadata))
            } else {
                None
            };
            self.log(turn, event);
            match said {
                Some(Ok(message)) => turn.reply(message),
                Some(Err(error)) => tracing::error!(%error, "a message of the bot can't be sent"),
                None => {}
            }
        }
    }

    /// Runs an action: first its events are added to the tracker, then its messages are sent.
    pub(crate) async fn run(&self, turn: &mut Turn<'_>, prediction: &Prediction) -> Result<(), AgentError> {
        let answered = prediction
            .answers
            .then(|| self.event(EventKind::UserFeaturization { use_text_for_featurization: Some(false) }));
        let performed = self.perform_seeing(turn, answered.as_ref(), &prediction.action).await;
        let events = match performed {
            Ok(events) => events,
            Err(ActionError::Rejected(reason)) => {
                tracing::debug!(action = prediction.action, reason, "an action refused to run");
                let rejected = EventKind::ActionExecutionRejected {
                    name: prediction.action.clone(),
                    policy: prediction.policy.as_deref().map(str::to_owned),
                    confidence: Some(prediction.confidence),
                };
                vec![self.event(rejected)]
            }
            Err(error) => {
                tracing::error!(
                    action = prediction.action,
                    sender_id = turn.tracker().sender_id(),
                    error = causes(&error),
                    "an action failed; the conversation goes on as if it had done nothing"
                );
                Vec::new()
            }
        };
        if !events.iter().any(|event| matches!(event.kind, EventKind::ActionExecutionRejected { .. })) {
            if let Some(answered) = answered {
                self.log(turn, answered);
            }
            self.log(turn, self.event(action(prediction)));
        }
        let heard = events.iter().any(|event| matches!(event.kind, EventKind::User { .. }));
        // Times rise: what an action comes to happens after it.
        self.log_all(turn, events.into_iter().map(|event| self.now(event)).collect());
        if heard {
            self.fill_slots(turn).await?;
        }
        turn.flush().await
    }

    /// The events of an action that sees that it answers the user, which only stays if it does not refuse.
    async fn perform_seeing(
        &self,
        turn: &mut Turn<'_>,
        answered: Option<&Event>,
        action: &str,
    ) -> Result<Vec<Event>, ActionError> {
        let Some(answered) = answered else { return self.perform(turn, action).await };
        turn.tracker_mut().apply(answered.clone());
        let performed = self.perform(turn, action).await;
        turn.tracker_mut().take_back();
        performed
    }
}

/// An error and what caused it.
pub(super) fn causes(error: &ActionError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // An error that only passes its cause on says the same.
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn action(prediction: &Prediction) -> EventKind {
    EventKind::Action {
        name: Some(prediction.action.clone()),
        policy: prediction.policy.as_deref().map(str::to_owned),
        confidence: Some(prediction.confidence),
        action_text: None,
        hide_rule_turn: prediction.is_rule,
    }
}

/// The message of a bot event. Rasa repeats an image as the attachment, which is undone here.
fn said(text: Option<&str>, data: &Metadata, metadata: &Metadata) -> serde_json::Result<BotMessage> {
    let mut message = data.clone();
    message.insert("text".to_owned(), text.into());
    message.extend(metadata.iter().map(|(key, value)| (key.clone(), value.clone())));
    if message.get("image") == message.get("attachment") {
        message.remove("attachment");
    }
    serde_json::from_value(Value::Object(message))
}
