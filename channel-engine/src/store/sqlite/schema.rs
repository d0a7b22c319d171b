//! The tables, and how they got there.

use rusqlite::{Connection, TransactionBehavior};

/// Each brings a file from the version of its index to the next.
const MIGRATIONS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

/// The newest version.
pub(super) const VERSION: i64 = MIGRATIONS.len().cast_signed() as i64;

/// Marks our files: `chst`.
const APPLICATION: i64 = 0x6368_7374;

/// What a file says of itself.
pub(super) struct Stamp {
    application: i64,
    pub(super) version: i64,
    tables: i64,
}

impl Stamp {
    /// A file without tables, and without a name, is new.
    pub(super) fn is_foreign(&self) -> bool {
        let is_new = self.application == 0 && self.version == 0 && self.tables == 0;
        self.application != APPLICATION && !is_new
    }
}

pub(super) fn stamp(connection: &Connection) -> rusqlite::Result<Stamp> {
    let number = |sql| connection.query_row(sql, [], |row| row.get(0));
    Ok(Stamp {
        application: number("PRAGMA application_id")?,
        version: number("PRAGMA user_version")?,
        tables: number("SELECT count(*) FROM sqlite_schema")?,
    })
}

/// Brings a file of this version up to date: all the way, or not at all.
pub(super) fn migrate(connection: &mut Connection, version: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(version).unwrap_or_default();
    let Some(left @ [_, ..]) = MIGRATIONS.get(done..) else { return Ok(()) };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in left {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
