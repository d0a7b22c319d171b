//! What can be set.

use std::time::Duration;

/// How a [`PostgresStore`](super::PostgresStore) is to be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PostgresOptions {
    /// The schema of the tables, which is made where it is missing: `public`.
    pub schema: String,
    /// How many connections are kept for calls, besides two of the store's own: 8.
    pub connections: usize,
    /// How long a connection may take to be made, and one round of statements to be answered: 10 seconds.
    pub time_limit: Duration,
    /// How often this server tells the database that it lives: every second.
    pub heartbeat: Duration,
    /// How long a server may be silent before its conversations are taken over: 5 seconds. The same for all servers.
    pub dead_after: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            schema: "public".to_owned(),
            connections: 8,
            time_limit: Duration::from_secs(10),
            heartbeat: Duration::from_secs(1),
            dead_after: Duration::from_secs(5),
        }
    }
}
