//! Keeps the write-ahead log short.
//!
//! A thread of its own copies the log into the database while the writer goes on. The log begins anew when all of it is
//! copied at the moment of a write; a writer that never pauses would not let that happen. So the writer copies the last
//! bit itself, now and then.

use std::{
    io,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use rusqlite::Connection;

use super::worker::Worker;
use crate::Causes;

/// So many pages are left to copy before the thread copies them: 4 MB.
const WORTHWHILE: i64 = 1_000;
/// At so many pages the writer makes the log begin anew, if little is left to copy: 64 MB.
const LONG: i64 = 16_000;
/// At so many pages, whatever is left to copy, and whoever reads: 256 MB.
const TOO_LONG: i64 = 64_000;
/// Files that have become longer are cut when the log begins anew, in bytes.
pub(super) const LONG_FILE: i64 = 96 << 20;

const SIZE: &str = "PRAGMA wal_checkpoint(NOOP)";
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";
const COPY_ALL: &str = "PRAGMA wal_checkpoint(RESTART)";

/// Wakes the thread that copies; it ends when this is dropped.
pub(super) struct Checkpoints(SyncSender<()>);

impl Checkpoints {
    pub(super) fn start(connection: Connection) -> io::Result<(Self, Worker)> {
        let (wake, woken) = sync_channel(1);
        let worker = Worker::spawn("store-checkpoints", move || serve(&connection, &woken))?;
        Ok((Self(wake), worker))
    }
}

fn serve(connection: &Connection, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        told(checkpoint(connection, COPY));
    }
}

/// The log, as the writer sees it.
pub(super) struct Log {
    checkpoints: Checkpoints,
    /// At so many pages the writer copies what is left.
    limit: i64,
}

impl Log {
    pub(super) fn new(checkpoints: Checkpoints) -> Self {
        Self { checkpoints, limit: LONG }
    }

    /// Looks after the log when something was written.
    pub(super) fn grown(&mut self, connection: &Connection) {
        let Some(Progress { pages, copied }) = told(checkpoint(connection, SIZE)) else { return };
        let left = pages - copied;
        if pages < LONG {
            self.limit = LONG;
        }
        if pages >= self.limit && (left < 2 * WORTHWHILE || pages >= TOO_LONG) {
            // If a reader is in the way, the log goes on growing: not every write tries again.
            self.limit = pages + WORTHWHILE;
            told(checkpoint(connection, if pages < TOO_LONG { COPY } else { COPY_ALL }));
        } else if left >= WORTHWHILE {
            // If it is full, the thread is about to wake anyway.
            let _ = self.checkpoints.0.try_send(());
        }
    }
}

struct Progress {
    pages: i64,
    copied: i64,
}

fn checkpoint(connection: &Connection, how: &str) -> rusqlite::Result<Progress> {
    let mut statement = connection.prepare_cached(how)?;
    statement.query_row([], |row| Ok(Progress { pages: row.get(1)?, copied: row.get(2)? }))
}

/// What fails here can be done later: what is committed is in the log.
fn told(progress: rusqlite::Result<Progress>) -> Option<Progress> {
    progress
        .inspect_err(|error| tracing::warn!(error = %Causes(error), "the store's log was not copied"))
        .ok()
}
