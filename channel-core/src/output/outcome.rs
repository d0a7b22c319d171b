//! What became of a send.

use std::{fmt, time::Duration};

/// What a platform said of a message that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The platform's ids of what it now shows, in the order of sending; empty where it gives none.
    pub message_ids: Vec<String>,
}

impl Sent {
    /// Sent, under this id of the platform's.
    pub fn with_id(message_id: impl Into<String>) -> Self {
        Self { message_ids: vec![message_id.into()] }
    }

    /// Adds what a further send gave.
    pub fn and(&mut self, later: Self) {
        self.message_ids.extend(later.message_ids);
    }
}

/// Why a send failed, and whether trying again can help.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use channel_core::{Retry, SendError};
///
/// let limited = SendError::retryable("the platform answered 429").after(Duration::from_secs(2));
/// assert_eq!(limited.retry(), Retry::After(Duration::from_secs(2)));
/// assert_eq!(SendError::permanent("no such chat").retry(), Retry::Never);
/// ```
#[derive(Debug)]
pub struct SendError {
    reason: String,
    retry: Retry,
    parts_sent: usize,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Whether, and when, a failed send is worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It would fail again: the message or its address is wrong.
    Never,
    /// It may succeed, after a back-off of the sender's choice.
    Later,
    /// It may succeed after the time that the platform named.
    After(Duration),
    /// Nobody knows whether the platform took it: another try may show it twice.
    Unknown,
}

impl SendError {
    /// A failure that another try cannot mend.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retry: Retry::Never, parts_sent: 0, source: None }
    }

    /// A failure that another try may mend.
    pub fn retryable(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retry: Retry::Later, parts_sent: 0, source: None }
    }

    /// A send that may have succeeded: the connection broke before the platform answered.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retry: Retry::Unknown, parts_sent: 0, source: None }
    }

    /// Says when the platform wants to be asked again.
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry = Retry::After(wait);
        self
    }

    /// Says how many parts of the message were sent before this one failed, in the order of
    /// [`OutputChannel::send`](crate::OutputChannel::send): those are not sent again.
    pub fn after_parts(mut self, parts_sent: usize) -> Self {
        self.parts_sent = parts_sent;
        self
    }

    /// How many parts of the message were sent before the one that failed.
    pub fn parts_sent(&self) -> usize {
        self.parts_sent
    }

    /// Keeps the error that caused this one.
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether, and when, another try may help.
    pub fn retry(&self) -> Retry {
        self.retry
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
