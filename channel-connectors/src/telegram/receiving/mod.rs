//! How updates come: Telegram delivers them, or is asked for them.

mod pauses;
mod polling;
mod webhook;

pub(super) use polling::poll;
pub(super) use webhook::Webhook;

/// How updates come.
pub(super) enum Receiving {
    /// Telegram delivers them.
    Webhook(Webhook),
    /// Telegram is asked for them.
    Polling,
}
