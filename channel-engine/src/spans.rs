//! The spans of a message's way: whatever is logged in them carries its trace. They are at the level of errors, so that errors
//! carry it where nothing else is logged.

use tracing::{Span, error_span};

use crate::{Outgoing, Pending};

/// From the time that a message's turn has come until it is over or given up, with every try.
pub(crate) fn turn(asked: &Pending) -> Span {
    let message = &asked.message;
    error_span!(
        "turn",
        channel = &*asked.channel,
        message_id = message.message_id,
        trace_id = message.trace_id()
    )
}

/// From the time that a reply is the next of its conversation until it is sent or given up, with every try.
pub(crate) fn send(reply: &Outgoing, trace_id: Option<&str>) -> Span {
    error_span!("send", channel = &*reply.channel, reply = reply.id, trace_id)
}
