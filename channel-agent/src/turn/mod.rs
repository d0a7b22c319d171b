//! One turn: a message heard, and the actions that answer it.

mod log;
mod perform;
mod rendering;
mod session;
mod slot_filling;

use channel_core::{Agent, AgentError, Dialogue, Event, EventKind, Tracker, Turn, async_trait};

use crate::{
    agent::DomainAgent,
    rules::{ACTION_LISTEN, Prediction},
};

pub(crate) const ACTION_SESSION_START: &str = "action_session_start";

/// So many actions may answer one message: more of them are a mistake in the rules.
const ACTION_LIMIT: usize = 10;

#[async_trait]
impl Agent for DomainAgent {
    /// Hears the message, and runs one action after another until it is to listen again. What an action says goes out
    /// before the next one runs.
    ///
    /// A message that the tracker has already heard is not heard twice: its turn goes on where it stopped.
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        if self.take_in(turn).await? {
            self.answer(turn, 0).await
        } else if is_answered(turn.tracker()) {
            Ok(())
        } else {
            let done = actions_since_listening(turn.tracker());
            self.answer(turn, done).await
        }
    }

    fn resumes(&self) -> bool {
        true
    }

    fn dialogue(&self) -> Option<&dyn Dialogue> {
        Some(self)
    }
}

impl DomainAgent {
    /// Hears the message and fills slots from it, in a new session if need be. `false`: it was heard before.
    pub(crate) async fn take_in(&self, turn: &mut Turn<'_>) -> Result<bool, AgentError> {
        self.declare_slots(turn.tracker_mut());
        if is_heard(turn) {
            return Ok(false);
        }
        self.start_session(turn).await?;
        self.listen_again(turn);
        self.log_message(turn);
        self.fill_slots(turn).await?;
        Ok(true)
    }

    /// A turn that failed half-way or had too many actions, and an action that was run from outside, left the bot busy: to
    /// rules a message is only one where the bot listens.
    fn listen_again(&self, turn: &mut Turn<'_>) {
        if turn.tracker().latest_action().name() != Some(ACTION_LISTEN) {
            self.log(turn, self.now(Event::action(ACTION_LISTEN)));
        }
    }

    /// Runs actions until the bot listens; so many of them have run before.
    async fn answer(&self, turn: &mut Turn<'_>, done: usize) -> Result<(), AgentError> {
        for _ in done..ACTION_LIMIT {
            if !may_act(turn.tracker()) {
                return Ok(());
            }
            let prediction = self.next_action(turn.tracker());
            turn.tracker_mut().clear_followup_action();
            self.run(turn, &prediction).await?;
            if [ACTION_LISTEN, ACTION_SESSION_START].contains(&prediction.action.as_str()) {
                return Ok(());
            }
        }
        let sender_id = turn.tracker().sender_id();
        tracing::warn!(sender_id, "{ACTION_LIMIT} actions answered one message; no more are run");
        Ok(())
    }

    /// What the agent does next.
    pub(crate) fn next_action(&self, tracker: &Tracker) -> Prediction {
        match tracker.followup_action() {
            Some(name) if crate::actions::is_known(name, &self.bot.domain) => Prediction::followup(name),
            followup => {
                if let Some(name) = followup {
                    tracing::error!(
                        action = name,
                        "an unknown action was to follow; the rules decide instead"
                    );
                }
                self.bot.rules.predict(&self.bot.domain, tracker)
            }
        }
    }
}

/// Whether the message was heard before its turn was cut short: then it is the last one that was heard.
fn is_heard(turn: &Turn<'_>) -> bool {
    let message = turn.message();
    let last = turn.tracker().events().iter().rev().find_map(|event| match &event.kind {
        EventKind::User { message_id, input_channel, .. } => Some((message_id, input_channel)),
        _ => None,
    });
    last == Some((&Some(message.message_id.clone()), &message.input_channel))
}

/// Whether the bot listens again since it last heard something.
fn is_answered(tracker: &Tracker) -> bool {
    let last = tracker.events().iter().rev().find(|event| {
        matches!(event.kind, EventKind::User { .. })
            || matches!(&event.kind, EventKind::Action { name: Some(name), .. } if name == ACTION_LISTEN)
    });
    last.is_some_and(|event| matches!(event.kind, EventKind::Action { .. }))
}

/// A bot that is paused can only be restarted.
fn may_act(tracker: &Tracker) -> bool {
    !tracker.is_paused() || tracker.latest_intent() == Some("restart")
}

fn actions_since_listening(tracker: &Tracker) -> usize {
    let actions = tracker.events().iter().rev().filter_map(|event| match &event.kind {
        EventKind::Action { name, .. } => Some(name.as_deref().unwrap_or_default()),
        _ => None,
    });
    actions.take_while(|name| ![ACTION_LISTEN, ACTION_SESSION_START].contains(name)).count()
}
