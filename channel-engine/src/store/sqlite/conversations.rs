//! Conversations and their events.

use std::sync::Arc;

use channel_core::Event;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    super::StoreError,
    columns::{Lines, Number, Time, lines},
};
use crate::Conversation;

const CHANNEL: &str = "SELECT id FROM channel WHERE name = ?1";
const NEW_CHANNEL: &str = "INSERT INTO channel (name) VALUES (?1) RETURNING id";
const CONVERSATION: &str = "SELECT id FROM conversation
    WHERE sender_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1)";
const NEW_CONVERSATION: &str =
    "INSERT INTO conversation (channel, sender_id, changed_at) VALUES (?1, ?2, ?3) RETURNING id";
const STEP: &str = "UPDATE conversation
    SET is_begun = 1, steps = steps + 1, changed_at = max(changed_at, ?2) WHERE id = ?1";
const TOUCH: &str = "UPDATE conversation SET changed_at = max(changed_at, ?2) WHERE id = ?1";
const APPEND: &str = "INSERT INTO event (conversation, step, events, lines)
    VALUES (?1, (SELECT steps FROM conversation WHERE id = ?1), ?2, ?3)";
const CLEAR: &str = "DELETE FROM event WHERE conversation = ?1";
const END: &str = "UPDATE conversation SET is_begun = 0 WHERE id = ?1 AND is_begun";
const LOAD: &str = "SELECT event.lines FROM conversation
    LEFT JOIN event ON event.conversation = conversation.id
    WHERE conversation.sender_id = ?2 AND conversation.is_begun
        AND conversation.channel = (SELECT id FROM channel WHERE name = ?1)
    ORDER BY event.step";
const FIND: &str = "SELECT channel.name, conversation.sender_id FROM conversation
    JOIN channel ON channel.id = conversation.channel
    WHERE conversation.sender_id = ?1 AND conversation.is_begun
    ORDER BY channel.name";
const WORK: &str = "SELECT channel.name, conversation.sender_id FROM conversation
    JOIN channel ON channel.id = conversation.channel
    WHERE conversation.id IN (
        SELECT conversation FROM inbox WHERE state = 0
        UNION SELECT conversation FROM outbox WHERE outcome IS NULL)
        AND (?1 IS NULL OR (channel.name, conversation.sender_id) > (?1, ?2))
    ORDER BY channel.name, conversation.sender_id LIMIT ?3";

/// Events as they are kept.
pub(super) struct Encoded {
    pub(super) count: u64,
    lines: String,
}

impl Encoded {
    pub(super) fn new(events: &[Arc<Event>]) -> Result<Self, StoreError> {
        let lines = lines(events.iter().map(Arc::as_ref))?;
        Ok(Self { count: events.len() as u64, lines })
    }
}

/// The number of a channel, which is kept if it is new.
pub(super) fn channel(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    match connection.prepare_cached(CHANNEL)?.query_row([name], |row| row.get(0)).optional()? {
        Some(id) => Ok(id),
        None => connection.prepare_cached(NEW_CHANNEL)?.query_row([name], |row| row.get(0)),
    }
}

/// The number of a conversation; `None` where there are neither messages nor events of it.
pub(super) fn number(connection: &Connection, conversation: &Conversation) -> rusqlite::Result<Option<i64>> {
    let Conversation { channel, sender_id } = conversation;
    connection.prepare_cached(CONVERSATION)?.query_row([channel, sender_id], |row| row.get(0)).optional()
}

/// The number of a conversation, which is kept if it is new; it does not begin by that.
pub(super) fn ensure(
    connection: &Connection,
    conversation: &Conversation,
    now: Time,
) -> rusqlite::Result<i64> {
    if let Some(id) = number(connection, conversation)? {
        return Ok(id);
    }
    let channel = channel(connection, &conversation.channel)?;
    let mut insert = connection.prepare_cached(NEW_CONVERSATION)?;
    insert.query_row(params![channel, conversation.sender_id, now], |row| row.get(0))
}

/// Adds the events of a step.
pub(super) fn append(
    connection: &Connection,
    conversation: i64,
    step: &Encoded,
    now: Time,
) -> rusqlite::Result<()> {
    connection.prepare_cached(STEP)?.execute(params![conversation, now])?;
    if step.count > 0 {
        let mut insert = connection.prepare_cached(APPEND)?;
        insert.execute(params![conversation, Number(step.count), step.lines])?;
    }
    Ok(())
}

/// Notes that something has happened.
pub(super) fn touch(connection: &Connection, conversation: i64, now: Time) -> rusqlite::Result<()> {
    connection.prepare_cached(TOUCH)?.execute(params![conversation, now]).map(drop)
}

pub(super) fn replace(
    connection: &Connection,
    conversation: &Conversation,
    whole: &Encoded,
    now: Time,
) -> rusqlite::Result<()> {
    let id = ensure(connection, conversation, now)?;
    connection.prepare_cached(CLEAR)?.execute([id])?;
    append(connection, id, whole, now)
}

/// Forgets the events; whether there was the conversation. What is left of it, a sweep takes.
pub(super) fn remove(connection: &Connection, conversation: &Conversation) -> rusqlite::Result<bool> {
    let Some(id) = number(connection, conversation)? else { return Ok(false) };
    clear(connection, id)
}

pub(super) fn clear(connection: &Connection, conversation: i64) -> rusqlite::Result<bool> {
    connection.prepare_cached(CLEAR)?.execute([conversation])?;
    connection.prepare_cached(END)?.execute([conversation]).map(|changed| changed > 0)
}

pub(super) fn load(
    connection: &Connection,
    Conversation { channel, sender_id }: &Conversation,
) -> rusqlite::Result<Option<Vec<Event>>> {
    let mut select = connection.prepare_cached(LOAD)?;
    let mut rows = select.query([channel, sender_id])?;
    let mut found = None;
    while let Some(row) = rows.next()? {
        let events = found.get_or_insert_with(Vec::new);
        if let Some(Lines(step)) = row.get(0)? {
            events.extend(step);
        }
    }
    Ok(found)
}

pub(super) fn find(connection: &Connection, sender_id: &str) -> rusqlite::Result<Vec<Conversation>> {
    connection.prepare_cached(FIND)?.query_map([sender_id], |row| named(row, 0))?.collect()
}

pub(super) fn work(
    connection: &Connection,
    after: Option<&Conversation>,
    limit: usize,
) -> rusqlite::Result<Vec<Conversation>> {
    let channel = after.map(|after| &after.channel);
    let sender_id = after.map(|after| &after.sender_id);
    let mut select = connection.prepare_cached(WORK)?;
    let found = select.query_map(params![channel, sender_id, Number(limit as u64)], |row| named(row, 0))?;
    found.collect()
}

/// The conversation in two columns from this one on.
pub(super) fn named(row: &Row<'_>, column: usize) -> rusqlite::Result<Conversation> {
    let channel: Arc<str> = row.get(column)?;
    let sender_id: Arc<str> = row.get(column + 1)?;
    Ok(Conversation { channel, sender_id })
}
