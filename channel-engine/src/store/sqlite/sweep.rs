//! Forgetting what is older than it has to be kept, in bites that hold up nobody.

use rusqlite::{Connection, params};

use super::{
    super::{Expired, StoreError},
    SqliteStore,
    columns::Time,
    conversations,
};

/// So many rows are looked at, or forgotten, at once.
const BITE: u32 = 1_000;
/// The events of so many conversations are forgotten at once.
const CONVERSATIONS: usize = 100;

const OVER: &str = "DELETE FROM inbox WHERE id IN (
    SELECT id FROM inbox WHERE state IN (1, 2) AND ended_at < ?1 ORDER BY ended_at LIMIT ?2)";
const DEAD_MESSAGES: &str = "DELETE FROM inbox WHERE id IN (
    SELECT id FROM inbox WHERE state = 3 AND ended_at < ?1 ORDER BY ended_at LIMIT ?2)";
const DEAD_REPLIES: &str = "DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE outcome IS NOT NULL AND since < ?1 ORDER BY since LIMIT ?2)";
/// Whether nothing has happened in it for so long that it, or its events, may be forgotten.
const NEXT: &str = "SELECT id, changed_at < ?2 OR (NOT is_begun AND changed_at < ?3) FROM conversation
    WHERE id > ?1 ORDER BY id LIMIT ?4";
/// Nobody has anything to do in it, and nothing has happened in it since.
const IS_IDLE: &str = "SELECT 1 FROM conversation WHERE id = ?1 AND changed_at < ?2
    AND NOT EXISTS (SELECT 1 FROM inbox WHERE conversation = ?1 AND state = 0)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE conversation = ?1 AND outcome IS NULL)
    AND NOT EXISTS (SELECT 1 FROM schedule WHERE conversation = ?1)";
const FORGET: &str = "DELETE FROM conversation WHERE id = ?1 AND NOT is_begun";

pub(super) async fn sweep(store: &SqliteStore, expired: Expired) -> Result<(), StoreError> {
    let Expired { messages, dead_letters, conversations } = expired;
    for (delete, before) in [(OVER, messages), (DEAD_MESSAGES, dead_letters), (DEAD_REPLIES, dead_letters)] {
        while store.writer.run(move |connection| bite(connection, delete, Time(before))).await? {}
    }
    let idle = Idle { events: conversations.map(Time), letters: Time(messages.min(dead_letters)) };
    forget_conversations(store, idle).await
}

/// Forgets so much; whether there may be more.
fn bite(connection: &Connection, delete: &str, before: Time) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(delete)?
        .execute(params![before, BITE])
        .map(|forgotten| forgotten == BITE as usize)
}

/// How long nothing must have happened in a conversation.
#[derive(Clone, Copy)]
struct Idle {
    /// Until its events are forgotten.
    events: Option<Time>,
    /// Until none of its messages and letters is left.
    letters: Time,
}

async fn forget_conversations(store: &SqliteStore, idle: Idle) -> Result<(), StoreError> {
    let mut last = 0;
    loop {
        let seen = store.readers.run(move |connection| next(connection, last, idle)).await?;
        let Some((id, _)) = seen.last() else { return Ok(()) };
        last = *id;
        let old: Vec<i64> = seen.iter().filter(|(_, is_old)| *is_old).map(|(id, _)| *id).collect();
        for bite in old.chunks(CONVERSATIONS) {
            let bite = bite.to_vec();
            store
                .writer
                .run(move |connection| bite.iter().try_for_each(|id| forget(connection, *id, idle)))
                .await?;
        }
    }
}

/// The conversations after this one, and whether they look forgettable.
fn next(connection: &Connection, last: i64, idle: Idle) -> rusqlite::Result<Vec<(i64, bool)>> {
    let mut select = connection.prepare_cached(NEXT)?;
    let seen = select.query_map(params![last, idle.events, idle.letters, BITE], |row| {
        Ok((row.get(0)?, row.get::<_, Option<bool>>(1)?.unwrap_or_default()))
    })?;
    seen.collect()
}

fn forget(connection: &Connection, conversation: i64, idle: Idle) -> rusqlite::Result<()> {
    if let Some(before) = idle.events
        && is_idle(connection, conversation, before)?
    {
        conversations::clear(connection, conversation)?;
    }
    if is_idle(connection, conversation, idle.letters)? {
        connection.prepare_cached(FORGET)?.execute([conversation])?;
    }
    Ok(())
}

fn is_idle(connection: &Connection, conversation: i64, before: Time) -> rusqlite::Result<bool> {
    connection.prepare_cached(IS_IDLE)?.exists(params![conversation, before])
}
