//! Who this server is to the others.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use super::{super::StoreError, error::Problem};

/// This server. It lives as long as the database hears of it; one that was silent for too long goes on under a new id, so
/// that none of its old leases is ever valid again.
pub(super) struct Server {
    /// Where others tell it something: the same for all of its lives.
    pub(super) mailbox: i64,
    dead_after: Duration,
    /// Whether the database has `NOTIFY`.
    pub(super) can_notify: bool,
    life: Mutex<Life>,
}

struct Life {
    id: i64,
    /// When the last heartbeat that was written was begun; none before the first.
    heard: Option<Instant>,
    /// Since when all heartbeats came in time by one connection: what was leased after that is held.
    certain: Option<Instant>,
}

impl Life {
    fn new() -> Self {
        Self { id: random(), heard: None, certain: None }
    }
}

impl Server {
    pub(super) fn new(dead_after: Duration) -> Self {
        let life = Mutex::new(Life::new());
        Self { mailbox: random(), dead_after, can_notify: true, life }
    }

    /// Its id, while it lives.
    pub(super) fn id(&self) -> Option<i64> {
        let life = self.life();
        self.is_alive(&life).then_some(life.id)
    }

    /// The same, for what needs no lease.
    pub(super) fn living(&self) -> Result<i64, StoreError> {
        self.id().ok_or_else(|| Problem::Dead.into())
    }

    /// The id to write with the next heartbeat, and whether it is a new one.
    pub(super) fn next_life(&self) -> (i64, bool) {
        let mut life = self.life();
        let has_died = life.heard.is_some() && !self.is_alive(&life);
        if has_died {
            *life = Life::new();
        }
        (life.id, has_died)
    }

    /// The database has heard of it by a heartbeat that was begun then. Too late is too late.
    pub(super) fn heard(&self, begun: Instant) {
        let mut life = self.life();
        if life.heard.is_none() || self.is_alive(&life) {
            life.heard = Some(begun);
            life.certain.get_or_insert_with(Instant::now);
        }
    }

    /// The connection of the heartbeat broke.
    pub(super) fn doubt(&self) {
        self.life().certain = None;
    }

    /// Whether it lives, and nothing has happened since then by which it may have lost a lease.
    pub(super) fn is_certain_since(&self, taken: Instant) -> bool {
        let life = self.life();
        self.is_alive(&life) && life.certain.is_some_and(|certain| certain <= taken)
    }

    /// How long its own connection may take for an answer: so long that it is not dead before the next.
    pub(super) fn patience(&self) -> Duration {
        self.dead_after / 2
    }

    /// The time in seconds after which a silent server is dead.
    pub(super) fn dead_after_seconds(&self) -> f64 {
        self.dead_after.as_secs_f64()
    }

    fn is_alive(&self, life: &Life) -> bool {
        life.heard.is_some_and(|heard| heard.elapsed() < self.dead_after)
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a channel of `LISTEN`.
pub(super) fn channel(mailbox: i64) -> String {
    format!("channel_{mailbox}")
}

/// A positive number that nobody else has.
fn random() -> i64 {
    let bits = RandomState::new().hash_one((SystemTime::now(), std::process::id()));
    (bits >> 1).cast_signed()
}
