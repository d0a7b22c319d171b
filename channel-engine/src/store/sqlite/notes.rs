//! What channels remember.

use rusqlite::{Connection, OptionalExtension as _, params};

const GET: &str = "SELECT text FROM note WHERE channel = ?1 AND name = ?2";
const SET: &str = "INSERT INTO note (channel, name, text) VALUES (?1, ?2, ?3)
    ON CONFLICT (channel, name) DO UPDATE SET text = excluded.text";

pub(super) fn get(connection: &Connection, channel: &str, name: &str) -> rusqlite::Result<Option<String>> {
    connection.prepare_cached(GET)?.query_row([channel, name], |row| row.get(0)).optional()
}

pub(super) fn set(connection: &Connection, channel: &str, name: &str, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(SET)?.execute(params![channel, name, text]).map(drop)
}
