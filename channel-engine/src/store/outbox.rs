//! Replies on their way to a platform.

use std::{sync::Arc, time::SystemTime};

use channel_core::{BotMessage, Recipient};

/// How replies are to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Outward<'a> {
    /// Through which channel, as in [`MessageKey::channel`](super::MessageKey::channel).
    pub channel: &'a Arc<str>,
    /// Where to.
    pub to: &'a Recipient,
}

/// A reply that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its number, which grows with each reply of its conversation.
    pub id: u64,
    /// Through which channel, as in [`MessageKey::channel`](super::MessageKey::channel).
    pub channel: Arc<str>,
    /// Where to.
    pub to: Recipient,
    /// The reply.
    pub reply: BotMessage,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// Not to be tried before this time.
    pub retry_at: Option<SystemTime>,
}

/// What became of a try to send a reply.
#[derive(Clone, Copy, Debug)]
pub enum Settlement<'a> {
    /// It was sent: nothing is left to do.
    Sent,
    /// It is to be tried again at this time; the failure counts as an attempt.
    Retry {
        /// When.
        at: SystemTime,
        /// Why it was not sent.
        error: &'a str,
        /// What is left of it, where parts of it were sent.
        rest: Option<&'a BotMessage>,
    },
    /// It is a dead letter.
    Dead {
        /// `failed`, `partial` or `unknown`: what of it the user may have got.
        outcome: &'a str,
        /// Why it was not sent.
        error: &'a str,
    },
}
