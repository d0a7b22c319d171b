//! Which events still count.

use std::{collections::HashSet, sync::Arc};

use super::{Event, EventKind};

type Events = Vec<Arc<Event>>;

/// The events that still count: without those before the last restart or session start, and without what was undone,
/// rewound, or made void by a loop's running again.
#[derive(Clone, Debug, Default)]
pub(super) struct Applied {
    events: Events,
    /// The loops that ever began.
    loops: HashSet<String>,
}

impl Applied {
    pub(super) fn of(all: &[Arc<Event>]) -> Self {
        let loops = all.iter().filter_map(|event| begun_loop(event)).map(str::to_owned).collect();
        let mut applied = Self { events: Events::new(), loops };
        for event in all {
            applied.take_in(event);
        }
        applied
    }

    /// Adds the last one of all events.
    pub(super) fn add(&mut self, event: &Arc<Event>, all: &[Arc<Event>]) {
        match begun_loop(event) {
            // Of the action that begins a loop, earlier runs are seen in another light.
            Some(name) if !self.loops.contains(name) => *self = Self::of(all),
            _ => self.take_in(event),
        }
    }

    /// The events that no longer count once this one has happened: those that it undoes or rewinds.
    pub(super) fn undone_by(&self, event: &Event) -> &[Arc<Event>] {
        let start = match event.kind {
            EventKind::Undo => start_of_last(&self.events, is_action),
            EventKind::Rewind => {
                let user = start_of_last(&self.events, is_user);
                // The `action_listen` that the user answered.
                start_of_last(&self.events[..user], is_action)
            }
            _ => self.events.len(),
        };
        &self.events[start..]
    }

    /// Forgets the last event, which has done nothing but to be added.
    pub(super) fn take_back(&mut self) {
        self.events.pop();
    }

    pub(super) fn events(&self) -> &[Arc<Event>] {
        &self.events
    }

    /// The events since the bot began to listen to what the user said last.
    pub(super) fn last_turn(&self) -> &[Arc<Event>] {
        let user = start_of_last(&self.events, is_user);
        &self.events[start_of_last(&self.events[..user], is_action)..]
    }

    fn take_in(&mut self, event: &Arc<Event>) {
        let undone = self.undone_by(event).len();
        let applied = &mut self.events;
        match &event.kind {
            EventKind::Restart | EventKind::SessionStarted => applied.clear(),
            EventKind::Undo | EventKind::Rewind => applied.truncate(applied.len() - undone),
            EventKind::Action { name: Some(name), .. } if self.loops.contains(name) => {
                match previous_run(name, applied) {
                    Some(run) => forget_turns_since(run, applied),
                    None => applied.push(Arc::clone(event)),
                }
            }
            _ => applied.push(Arc::clone(event)),
        }
    }
}

fn begun_loop(event: &Event) -> Option<&str> {
    match &event.kind {
        EventKind::ActiveLoop { name } => name.as_deref(),
        _ => None,
    }
}

fn is_action(event: &Event) -> bool {
    matches!(event.kind, EventKind::Action { .. })
}

fn is_user(event: &Event) -> bool {
    matches!(event.kind, EventKind::User { .. })
}

/// Where the last such event stands; at the beginning if there is none.
fn start_of_last(events: &[Arc<Event>], is_wanted: fn(&Event) -> bool) -> usize {
    events.iter().rposition(|event| is_wanted(event)).unwrap_or(0)
}

/// Where the loop's action ran before, if the loop went straight on since: it neither ended, nor refused to run, nor
/// left an utterance of the user to another action.
fn previous_run(loop_name: &str, applied: &[Arc<Event>]) -> Option<usize> {
    let mut next_action: Option<&str> = None;
    for (index, event) in applied.iter().enumerate().rev() {
        match &event.kind {
            EventKind::ActiveLoop { name: None } => return None,
            EventKind::ActionExecutionRejected { name, .. } if name == loop_name => return None,
            EventKind::User { .. } if next_action.is_some_and(|next| next != loop_name) => return None,
            EventKind::Action { name, .. } if name.as_deref() == Some(loop_name) => return Some(index),
            EventKind::Action { name, .. } => next_action = name.as_deref(),
            _ => {}
        }
    }
    None
}

/// A loop that runs again stands for all of its runs: the turns in between go, their slots and bot messages stay.
fn forget_turns_since(run: usize, applied: &mut Events) {
    let since = applied.split_off(run + 1);
    applied.extend(since.into_iter().filter(|event| {
        !is_action(event) && !is_user(event) && !matches!(event.kind, EventKind::UserFeaturization { .. })
    }));
}
