//! What is said in a conversation: everything follows from the number of the message.

use channel_core::{Event, EventKind};
use serde::{Deserialize, Serialize};

/// The name under which the channel is mounted.
pub(crate) const CHANNEL: &str = "numbered";

/// Events that the turn of one message adds.
const EVENTS: usize = 3;

/// A message, as the platform delivers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) conversation: String,
    pub(crate) number: usize,
}

/// A reply, as the platform receives it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivered {
    pub(crate) conversation: String,
    pub(crate) text: String,
    /// The process that sent it.
    pub(crate) process: u32,
}

impl Delivery {
    /// The message of this number, counted from 1.
    pub(crate) fn new(conversation: &str, number: usize) -> Self {
        Self { id: format!("{conversation}-{number}"), conversation: conversation.to_owned(), number }
    }
}

/// What asks for a button, which says the number after this one.
pub(crate) fn question(number: usize) -> String {
    format!("{number}?")
}

/// What stands on the button that a message asks for.
pub(crate) fn button(message: &str) -> Option<String> {
    let number: usize = message.strip_suffix('?')?.parse().ok()?;
    Some((number + 1).to_string())
}

/// The replies to a message, by an agent that had so many turns before.
pub(crate) fn replies_to(message: &str, turns: usize) -> [String; 2] {
    [1, 2].map(|step| reply(message, step, turns * EVENTS))
}

/// The reply of a step, 1 or 2, to a message, by an agent that found so many events before it.
pub(crate) fn reply(message: &str, step: usize, events: usize) -> String {
    format!("{}{events} events", reply_start(message, step))
}

/// How every reply of a step to a message begins.
pub(crate) fn reply_start(message: &str, step: usize) -> String {
    format!("{message}.{step} after ")
}

/// All replies to so many messages, in order.
pub(crate) fn replies(messages: usize) -> Vec<String> {
    (0..messages).flat_map(|before| replies_to(&(before + 1).to_string(), before)).collect()
}

/// What the tracker shows after so many messages.
pub(crate) fn tracker(messages: usize) -> Vec<String> {
    tracker_of((1..=messages).map(|number| number.to_string()))
}

/// What the tracker shows after these messages.
pub(crate) fn tracker_of(messages: impl Iterator<Item = String>) -> Vec<String> {
    let turn = |(before, message): (usize, String)| {
        let [first, second] = replies_to(&message, before);
        [message, first, second]
    };
    messages.enumerate().flat_map(turn).collect()
}

/// An event, as [`tracker`] shows it.
pub(crate) fn shown(event: &Event) -> String {
    match &event.kind {
        EventKind::User { text: Some(text), .. } | EventKind::Bot { text: Some(text), .. } => text.clone(),
        other => format!("{other:?}"),
    }
}
