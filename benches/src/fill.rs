//! A store's file as it is after months.

use std::path::Path;

use rusqlite::Connection;

/// Puts so many answered messages into a store's file, of conversations of ten messages each. Written past the store, in
/// seconds instead of hours.
///
/// # Errors
///
/// The file can't be written, or is none of this version.
pub fn answered(path: &Path, messages: u32) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "cache_size", -500_000)?;
    connection.execute_batch("BEGIN; INSERT OR IGNORE INTO channel (name) VALUES ('chat');")?;
    let conversations = messages / 10;
    connection.execute(
        "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?1)
        INSERT INTO conversation (channel, sender_id, is_begun, steps, changed_at)
        SELECT 1, 'user_' || n, 1, 1, unixepoch() * 1000000 FROM number",
        [conversations],
    )?;
    connection.execute(
        "INSERT INTO event (conversation, step, events, lines)
        SELECT id, 1, 2, '{\"event\":\"user\",\"timestamp\":1,\"text\":\"Hello\",\"metadata\":{}}' || char(10) ||
            '{\"event\":\"bot\",\"timestamp\":1,\"text\":\"Hi\",\"metadata\":{}}' || char(10) FROM conversation",
        [],
    )?;
    connection.execute(
        "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?1)
        INSERT INTO inbox (channel, message_id, conversation, state, waits, accepted_at, ended_at, steps, events, replies)
        SELECT 1, printf('wamid.%020d', n), 1 + n % ?2, 1, 0, unixepoch() * 1000000, unixepoch() * 1000000, 1, 2,
            '{\"text\":\"Hi\"}' || char(10) FROM number",
        [messages, conversations.max(1)],
    )?;
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")
}
