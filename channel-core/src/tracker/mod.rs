//! The memory of a conversation: its events, and the state that they add up to.

mod applied;
mod event;
mod event_json;
mod event_kind;
mod slots;
mod standing;
mod state;
mod verbosity;

pub use event::Event;
pub use event_kind::EventKind;
pub use state::{ActiveLoop, LatestAction, TrackerState};
pub use verbosity::{EventVerbosity, UnknownVerbosity};

use std::sync::Arc;

use serde_json::Value;

use self::{applied::Applied, standing::Standing};
use crate::message::Metadata;

/// The memory of one conversation: its events, and what they add up to.
///
/// # Examples
///
/// ```
/// use channel_core::{Event, EventKind, EventVerbosity, Tracker};
///
/// let mut tracker = Tracker::new("test_user").with_slots([("city", "unknown".into())]);
/// tracker.extend([Event::action("action_ask"), Event::slot("city", "Rome")]);
/// assert_eq!(tracker.slot("city"), Some(&"Rome".into()));
///
/// tracker.apply(Event::new(EventKind::Undo));
/// assert_eq!(tracker.state(EventVerbosity::None).slots["city"], "unknown");
/// ```
#[derive(Clone, Debug)]
pub struct Tracker {
    sender_id: String,
    events: Vec<Arc<Event>>,
    applied: Applied,
    standing: Standing,
}

impl Tracker {
    /// The memory of a conversation that has not begun. Any slot can be set.
    pub fn new(sender_id: impl Into<String>) -> Self {
        Self {
            sender_id: sender_id.into(),
            events: Vec::new(),
            applied: Applied::default(),
            standing: Standing::default(),
        }
    }

    /// Declares slots and the values that they begin with. From then on no other slot can be set.
    pub fn with_slots<N: Into<String>>(mut self, slots: impl IntoIterator<Item = (N, Value)>) -> Self {
        for (name, initial) in slots {
            self.standing.slots.declare(name.into(), initial);
        }
        self
    }

    /// Adds an event.
    pub fn apply(&mut self, event: Event) {
        let event = Arc::new(event);
        self.events.push(Arc::clone(&event));
        let is_mere_turn = self.standing.is_unmoved_by(self.applied.undone_by(&event));
        self.applied.add(&event, &self.events);
        match event.kind {
            EventKind::Undo | EventKind::Rewind if is_mere_turn => {
                self.standing.go_back_to(self.applied.last_turn());
            }
            EventKind::Undo | EventKind::Rewind => self.stand_anew(),
            _ => self.standing.apply(&event),
        }
    }

    /// Takes the last event back, as if it had not been added.
    pub fn take_back(&mut self) -> Option<Arc<Event>> {
        let event = self.events.pop()?;
        if matches!(event.kind, EventKind::UserFeaturization { .. }) {
            // Nothing depends on it.
            self.applied.take_back();
        } else {
            self.applied = Applied::of(&self.events);
            self.stand_anew();
        }
        Some(event)
    }

    fn stand_anew(&mut self) {
        self.standing.reset();
        for event in self.applied.events() {
            self.standing.apply(event);
        }
    }

    /// Whose conversation it is.
    pub fn sender_id(&self) -> &str {
        &self.sender_id
    }

    /// All events, also those that no longer count.
    pub fn events(&self) -> &[Arc<Event>] {
        &self.events
    }

    /// The events that still count: without those before the last restart or session, and without what was undone.
    pub fn applied_events(&self) -> &[Arc<Event>] {
        self.applied.events()
    }

    /// Every slot's value.
    pub fn slots(&self) -> &Metadata {
        &self.standing.slots.values
    }

    /// A slot's value; `None` where there is no such slot.
    pub fn slot(&self, name: &str) -> Option<&Value> {
        self.slots().get(name)
    }

    /// Whether the bot is silent.
    pub fn is_paused(&self) -> bool {
        self.standing.paused
    }

    /// The action that is to run next.
    pub fn followup_action(&self) -> Option<&str> {
        self.standing.followup_action.as_deref()
    }

    /// Forgets the action that is to run next, since somebody sees to it; no event says so.
    pub fn clear_followup_action(&mut self) {
        self.standing.followup_action = None;
    }

    /// The loop (the form) that is active.
    pub fn active_loop(&self) -> Option<&ActiveLoop> {
        self.standing.active_loop.as_ref()
    }

    /// The action that ran last.
    pub fn latest_action(&self) -> &LatestAction {
        &self.standing.latest_action
    }

    /// What was understood of what the user said last: `intent`, `entities`, `text`, `message_id`, `metadata`, ….
    pub fn latest_message(&self) -> Metadata {
        self.standing.latest_message()
    }

    /// The intent of what the user said last.
    pub fn latest_intent(&self) -> Option<&str> {
        self.standing.latest_intent()
    }

    /// The words that the user said last.
    pub fn latest_text(&self) -> Option<&str> {
        self.standing.latest_text()
    }

    /// The entities in what the user said last.
    pub fn latest_entities(&self) -> impl Iterator<Item = &Value> {
        self.standing.latest_entities()
    }

    /// The channel that the user spoke through last.
    pub fn latest_input_channel(&self) -> Option<&str> {
        let channel = self.events.iter().rev().find_map(|event| match &event.kind {
            EventKind::User { input_channel, .. } => Some(input_channel.as_deref()),
            _ => None,
        });
        channel.flatten()
    }

    /// When the last event happened, in seconds since 1970.
    pub fn latest_event_time(&self) -> Option<f64> {
        self.events.last().map(|event| event.timestamp)
    }

    /// A snapshot, with the events asked for.
    pub fn state(&self, verbosity: EventVerbosity) -> TrackerState {
        TrackerState {
            sender_id: self.sender_id.clone(),
            slots: self.slots().clone(),
            latest_message: self.latest_message(),
            latest_event_time: self.latest_event_time(),
            followup_action: self.standing.followup_action.clone(),
            paused: self.is_paused(),
            events: self.events_for(verbosity),
            latest_input_channel: self.latest_input_channel().map(str::to_owned),
            active_loop: self.standing.active_loop.clone(),
            latest_action: self.latest_action().clone(),
            latest_action_name: self.latest_action().name().map(str::to_owned),
        }
    }

    fn events_for(&self, verbosity: EventVerbosity) -> Option<Vec<Arc<Event>>> {
        match verbosity {
            EventVerbosity::None => None,
            EventVerbosity::Applied => Some(self.applied_events().to_vec()),
            EventVerbosity::AfterRestart => Some(self.events_after_restart().to_vec()),
            EventVerbosity::All => Some(self.events.clone()),
        }
    }

    fn events_after_restart(&self) -> &[Arc<Event>] {
        let restart = self.events.iter().rposition(|event| event.kind == EventKind::Restart);
        &self.events[restart.map_or(0, |restart| restart + 1)..]
    }
}

impl Extend<Event> for Tracker {
    fn extend<I: IntoIterator<Item = Event>>(&mut self, events: I) {
        for event in events {
            self.apply(event);
        }
    }
}
