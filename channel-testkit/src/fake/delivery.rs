//! How deliveries went.

use axum::http::HeaderMap;

/// How what happened on the platform was delivered to the bot.
///
/// One thing that happens may be several deliveries to a platform, as a mention in a channel is to Slack: then the tries of
/// all are here, each with its own id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The tries, in order. None where the platform had nowhere to deliver to, or where it does not tell bots.
    pub tries: Vec<Try>,
}

/// One request to the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// By what the platform knows the delivery again: `event_id`, `trigger_id`, `envelope_id` or `update_id`.
    pub id: String,
    /// 0 for the first try, then how often it was delivered again.
    pub number: u32,
    /// What the bot said.
    pub outcome: Outcome,
}

/// What the bot said to a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It answered in time.
    Answered {
        /// The HTTP status; 200 where a socket acknowledged.
        status: u16,
        /// The headers.
        headers: HeaderMap,
        /// The body, its first mebibyte.
        body: String,
    },
    /// It did not answer in time.
    TimedOut,
    /// It was not there, or hung up.
    Failed(String),
}

impl Outcome {
    /// Whether the bot took it: it answered with a status from 200 to 299.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }

    /// The status of the answer; `None` where there was none.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(*status),
            Self::TimedOut | Self::Failed(_) => None,
        }
    }
}

impl Delivery {
    /// Whether the bot took all of it, at whichever try.
    pub fn is_taken(&self) -> bool {
        let taken = |id: &str| self.tries.iter().any(|again| again.id == id && again.outcome.is_taken());
        !self.tries.is_empty() && self.tries.iter().all(|one| taken(&one.id))
    }

    /// The statuses that the bot answered with, in order; `None` where it did not answer.
    pub fn statuses(&self) -> Vec<Option<u16>> {
        self.tries.iter().map(|one| one.outcome.status()).collect()
    }

    /// What the last answer said; empty where there was none.
    pub fn answer(&self) -> &str {
        match self.tries.last().map(|last| &last.outcome) {
            Some(Outcome::Answered { body, .. }) => body,
            _ => "",
        }
    }

    pub(crate) fn extend(&mut self, more: Self) {
        self.tries.extend(more.tries);
    }
}
