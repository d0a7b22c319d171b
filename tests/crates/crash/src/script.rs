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

/// The reply of a step, 1 or 2, to a message, by an agent that found so many events before it.
pub(crate) fn reply(number: &str, step: usize, events: usize) -> String {
    format!("{number}.{step} after {events} events")
}

/// All replies to so many messages, in order.
pub(crate) fn replies(messages: usize) -> Vec<String> {
    let replies_to =
        |number: usize| [1, 2].map(|step| reply(&number.to_string(), step, (number - 1) * EVENTS));
    (1..=messages).flat_map(replies_to).collect()
}

/// What the tracker shows after so many messages.
pub(crate) fn tracker(messages: usize) -> Vec<String> {
    let replies = replies(messages);
    let turns = replies.chunks(2).zip(1..);
    turns.flat_map(|(said, number)| [number.to_string(), said[0].clone(), said[1].clone()]).collect()
}

/// An event, as [`tracker`] shows it.
pub(crate) fn shown(event: &Event) -> String {
    match &event.kind {
        EventKind::User { text: Some(text), .. } | EventKind::Bot { text: Some(text), .. } => text.clone(),
        other => format!("{other:?}"),
    }
}
