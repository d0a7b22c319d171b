//! Which events still count.

use std::{collections::HashSet, sync::Arc};

use super::{Event, EventKind};

type Events<'a> = Vec<&'a Arc<Event>>;

/// The events that still count: without those before the last restart or session start, and without what was undone,
/// rewound, or made void by a loop's running again.
pub(super) fn applied(events: &[Arc<Event>]) -> Events<'_> {
    let loops: HashSet<&str> = events.iter().filter_map(|event| begun_loop(event)).collect();
    let mut applied = Events::new();
    for event in events {
        match &event.kind {
            EventKind::Restart | EventKind::SessionStarted => applied.clear(),
            EventKind::Undo => drop_back_to(&mut applied, is_action),
            EventKind::Rewind => {
                drop_back_to(&mut applied, is_user);
                // The `action_listen` that the user answered.
                drop_back_to(&mut applied, is_action);
            }
            EventKind::Action { name: Some(name), .. } if loops.contains(name.as_str()) => {
                match previous_run(name, &applied) {
                    Some(run) => forget_turns_since(run, &mut applied),
                    None => applied.push(event),
                }
            }
            _ => applied.push(event),
        }
    }
    applied
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

/// Drops everything from the last such event on.
fn drop_back_to(applied: &mut Events<'_>, is_wanted: fn(&Event) -> bool) {
    let start = applied.iter().rposition(|event| is_wanted(event)).unwrap_or(0);
    applied.truncate(start);
}

/// Where the loop's action ran before, if the loop went straight on since: it neither ended, nor refused to run, nor
/// left an utterance of the user to another action.
fn previous_run(loop_name: &str, applied: &Events<'_>) -> Option<usize> {
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
fn forget_turns_since(run: usize, applied: &mut Events<'_>) {
    let since = applied.split_off(run + 1);
    applied.extend(since.into_iter().filter(|event| {
        !is_action(event) && !is_user(event) && !matches!(event.kind, EventKind::UserFeaturization { .. })
    }));
}
