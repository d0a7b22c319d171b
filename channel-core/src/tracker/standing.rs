//! What the events of a conversation add up to.

use std::{mem, sync::Arc};

use serde_json::Value;

use super::{
    ActiveLoop, Event, EventKind, LatestAction,
    event::{entities_in, parse_data_of},
    slots::Slots,
};
use crate::message::Metadata;

const ACTION_LISTEN: &str = "action_listen";
const ACTION_SESSION_START: &str = "action_session_start";

/// What the events of a conversation add up to.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) slots: Slots,
    pub(super) followup_action: Option<String>,
    pub(super) paused: bool,
    pub(super) active_loop: Option<ActiveLoop>,
    pub(super) latest_action: LatestAction,
    /// What the user said last.
    latest_user: Option<Arc<Event>>,
    /// The entities found in it after it was parsed.
    later_entities: Vec<Value>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            followup_action: Some(ACTION_LISTEN.to_owned()),
            paused: false,
            active_loop: None,
            latest_action: LatestAction::default(),
            latest_user: None,
            later_entities: Vec::new(),
        }
    }
}

impl Standing {
    /// Takes in one event. `undo` and `rewind` need the history, see [`Tracker::apply`](super::Tracker::apply).
    pub(super) fn apply(&mut self, event: &Arc<Event>) {
        match &event.kind {
            EventKind::User { .. } => self.hear(event),
            EventKind::Action { name, action_text, .. } => self.act(name.as_deref(), action_text.as_deref()),
            EventKind::Slot { name, value } => self.slots.set(name, value),
            EventKind::ResetSlots => self.slots.reset(),
            EventKind::SessionStarted => self.reset(),
            EventKind::Restart => {
                self.reset();
                self.followup_action = Some(ACTION_SESSION_START.to_owned());
            }
            EventKind::Pause => self.paused = true,
            EventKind::Resume => self.paused = false,
            EventKind::Followup { name } => self.followup_action = Some(name.clone()),
            EventKind::ActiveLoop { name } => self.change_loop(name.as_deref()),
            EventKind::LoopInterrupted { is_interrupted } => {
                if let Some(active) = &mut self.active_loop {
                    active.is_interrupted = *is_interrupted;
                }
            }
            EventKind::ActionExecutionRejected { name, .. } => {
                if let Some(active) = self.active_loop.as_mut().filter(|active| active.name == *name) {
                    active.rejected = true;
                }
            }
            EventKind::Entities { entities } => self.add_entities(entities),
            _ => {}
        }
    }

    /// Back to the beginning.
    pub(super) fn reset(&mut self) {
        let mut slots = mem::take(&mut self.slots);
        slots.reset();
        *self = Self { slots, ..Self::default() };
    }

    /// Whether these events leave no mark beyond their turn: none of them is of slots, loops or pauses.
    pub(super) fn is_unmoved_by(&self, events: &[Arc<Event>]) -> bool {
        let is_of_turn = |event: &Arc<Event>| {
            matches!(
                event.kind,
                EventKind::User { .. }
                    | EventKind::UserFeaturization { .. }
                    | EventKind::Action { .. }
                    | EventKind::Bot { .. }
            )
        };
        self.active_loop.is_none() && events.iter().all(is_of_turn)
    }

    /// Back to an earlier turn, given that nothing but the turns since then is undone.
    pub(super) fn go_back_to(&mut self, turn: &[Arc<Event>]) {
        *self = Self { slots: mem::take(&mut self.slots), paused: self.paused, ..Self::default() };
        for event in turn {
            self.apply(event);
        }
    }

    /// What was understood of what the user said last.
    pub(super) fn latest_message(&self) -> Metadata {
        let mut message = self.latest_parse_data();
        if !self.later_entities.is_empty() {
            let entities = [entities_in(&message), &self.later_entities].concat();
            message.insert("entities".to_owned(), entities.into());
        }
        message
    }

    pub(super) fn latest_intent(&self) -> Option<&str> {
        let (_, parse_data) = self.latest_utterance()?;
        parse_data.get("intent")?["name"].as_str()
    }

    pub(super) fn latest_text(&self) -> Option<&str> {
        let (text, _) = self.latest_utterance()?;
        text
    }

    pub(super) fn latest_entities(&self) -> impl Iterator<Item = &Value> {
        let parsed = self.latest_utterance().map_or(&[][..], |(_, parse_data)| entities_in(parse_data));
        parsed.iter().chain(&self.later_entities)
    }

    fn latest_utterance(&self) -> Option<(Option<&str>, &Metadata)> {
        match &self.latest_user.as_ref()?.kind {
            EventKind::User { text, parse_data, .. } => Some((text.as_deref(), parse_data)),
            _ => None,
        }
    }

    fn latest_parse_data(&self) -> Metadata {
        match self.latest_utterance() {
            Some((_, parse_data)) => parse_data.clone(),
            None => parse_data_of(None, None, &Metadata::new()),
        }
    }

    fn hear(&mut self, event: &Arc<Event>) {
        self.latest_user = Some(Arc::clone(event));
        self.later_entities.clear();
        self.followup_action = None;
    }

    fn act(&mut self, name: Option<&str>, text: Option<&str>) {
        let name = name.filter(|name| !name.is_empty());
        if let Some(active) = &mut self.active_loop {
            active.is_interrupted = false;
            active.rejected &= name != Some(active.name.as_str());
        }
        self.latest_action = match name {
            Some(name) => LatestAction { action_name: Some(name.to_owned()), action_text: None },
            None => LatestAction { action_name: None, action_text: text.map(str::to_owned) },
        };
        self.followup_action = None;
    }

    fn change_loop(&mut self, name: Option<&str>) {
        self.active_loop = name.map(|name| ActiveLoop {
            name: name.to_owned(),
            is_interrupted: false,
            rejected: false,
            trigger_message: self.latest_parse_data(),
        });
    }

    /// Entities belong to what the user said last as long as the bot still listens to it.
    fn add_entities(&mut self, entities: &[Value]) {
        if self.latest_action.name() != Some(ACTION_LISTEN) {
            return;
        }
        let parse_data = self.latest_parse_data();
        for entity in entities {
            if !entities_in(&parse_data).contains(entity) && !self.later_entities.contains(entity) {
                self.later_entities.push(entity.clone());
            }
        }
    }
}
