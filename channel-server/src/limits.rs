//! What a caller may ask of the server.

use std::time::Duration;

/// What a caller may ask of the server. The defaults suit chat platforms, whose messages are small and many.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The size of a body in bytes: 1 MiB. A larger one is a 413.
    pub body: usize,
    /// The size of a request's head in bytes: 32 KiB. A larger one is a 431.
    pub head: usize,
    /// How long a request's head, and then its body, may take to arrive: 30 seconds each.
    pub receive: Duration,
    /// How long a caller may leave an answer lying that it does not read: 30 seconds. Then the connection is closed.
    pub send: Duration,
    /// How long an answer may take: an hour, as in Rasa. After that the caller gets a 503; the turn goes on.
    pub response: Duration,
    /// How many requests are served at one time: 10,000. A further one is a 503 with `Retry-After`.
    pub requests: usize,
    /// How many connections are open at one time: 20,000. Further ones wait to be taken.
    pub connections: usize,
    /// How many messages may be at work or wait for their turn, whoever still waits for them: 10,000. A further one is a 503 with `Retry-After`.
    pub waiting: usize,
    /// How long running requests and turns may take once the server is told to stop: 30 seconds.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            head: 32 * 1024,
            receive: Duration::from_secs(30),
            send: Duration::from_secs(30),
            response: Duration::from_hours(1),
            requests: 10_000,
            connections: 20_000,
            waiting: 10_000,
            grace: Duration::from_secs(30),
        }
    }
}
