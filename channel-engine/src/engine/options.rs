//! How much an engine takes on, and how long it keeps what.

use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// How much an engine takes on, and how patient it is.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many messages may be at work or wait for their turn: 10,000. A further one is
    /// [`TurnError::Busy`](channel_core::TurnError::Busy).
    pub waiting: usize,
    /// How many conversations of one channel may have unsent replies: 10,000. With more, further messages of that channel
    /// are [`TurnError::Busy`](channel_core::TurnError::Busy): its platform is too slow.
    pub unsent: usize,
    /// How many of the conversations that were spoken in last need not be loaded from the store: 10,000, which takes
    /// about 10 kB for each after a few turns.
    pub warm: usize,
    /// Whether one sender has one conversation through all channels, as in Rasa. Who can name a sender's id on one
    /// channel then goes on with that sender's conversation on another.
    pub shared: bool,
    /// How long a turn may take: 5 minutes. After that it has failed.
    pub turn_timeout: Duration,
    /// How often the turn of an accepted message is tried, with growing pauses, before the message is a dead letter: 5 times.
    /// A caller who waits is told of the first failure.
    pub attempts: u32,
    /// A message that is found in the store after a start and is older than this is a dead letter, rather than answered late:
    /// a day. `None`: never.
    pub max_age: Option<Duration>,
    /// How long a send may take: 30 seconds. After that nobody knows whether it succeeded, and it is tried again.
    pub send_timeout: Duration,
    /// How often a reply is tried to be sent, with growing pauses, before it is a dead letter: 20 times, which takes about an
    /// hour.
    pub send_attempts: u32,
    /// How long what is kept.
    pub retention: Retention,
}

/// How long what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// The ids and replies of messages whose turns are over: 7 days. A platform that delivers a message again after that has
    /// it answered again.
    pub messages: Duration,
    /// Dead letters: 30 days.
    pub dead_letters: Duration,
    /// Conversations in which nothing happens: for ever.
    pub conversations: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            waiting: 10_000,
            unsent: 10_000,
            warm: 10_000,
            shared: false,
            turn_timeout: HOUR / 12,
            attempts: 5,
            max_age: Some(DAY),
            send_timeout: Duration::from_secs(30),
            send_attempts: 20,
            retention: Retention::default(),
        }
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self { messages: DAY * 7, dead_letters: DAY * 30, conversations: None }
    }
}
