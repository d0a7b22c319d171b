//! Messages, from their acceptance until they are over.

use std::sync::Arc;

use channel_core::UserMessage;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    super::{Accepted, Kept, MessageKey, Pending, Progress, Retrial, State},
    columns::{Json, Lines, Number, Time},
    conversations,
};
use crate::Conversation;

const ACCEPT: &str = "INSERT INTO inbox (channel, message_id, conversation, waits, accepted_at, message)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel, message_id) DO NOTHING";
const REOPEN: &str = "UPDATE inbox
    SET id = (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'inbox'),
        state = 0, ended_at = NULL, accepted_at = ?4, attempts = 0, retry_at = NULL, error = NULL, message = ?5,
        events = 0
    WHERE channel = ?1 AND message_id = ?2 AND conversation = ?3 AND state = 3 AND waits
    RETURNING id";
const NUMBERED: &str = "UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'inbox'";
const MESSAGE: &str = "SELECT state, superseded_by, error, steps, events, replies FROM inbox
    WHERE message_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1)";
const PENDING: &str =
    "SELECT inbox.steps, inbox.events, inbox.replies, inbox.id, channel.name, inbox.message,
        inbox.waits, inbox.accepted_at, inbox.attempts, inbox.retry_at
    FROM inbox JOIN channel ON channel.id = inbox.channel
    WHERE inbox.state = 0 AND inbox.conversation = (SELECT conversation.id FROM conversation
        WHERE sender_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1))
    ORDER BY inbox.id LIMIT ?3";
const STEP: &str = "UPDATE inbox SET steps = steps + 1, events = events + ?3, replies = replies || ?4
    WHERE message_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1) AND state = 0";
const LAST_STEP: &str = "UPDATE inbox
    SET state = 1, ended_at = ?5, message = NULL,
        steps = steps + 1, events = events + ?3, replies = replies || ?4
    WHERE message_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1) AND state = 0";
const SUPERSEDE: &str = "UPDATE inbox SET state = 2, ended_at = ?4, message = NULL, superseded_by = ?3
    WHERE message_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1) AND state = 0
    RETURNING conversation";
const RETRY: &str = "UPDATE inbox SET attempts = attempts + 1, error = ?3, retry_at = ?4
    WHERE message_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1) AND state = 0";
const BURY: &str = "UPDATE inbox SET state = 3, ended_at = ?4, attempts = attempts + 1, error = ?3
    WHERE message_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1) AND state = 0
    RETURNING conversation";

/// A message to be kept, as it is kept.
pub(super) struct Incoming {
    pub(super) key: MessageKey,
    pub(super) message: String,
    pub(super) waits: bool,
}

pub(super) fn accept(
    connection: &Connection,
    conversation: i64,
    incoming: &Incoming,
    now: Time,
) -> rusqlite::Result<Accepted> {
    let Incoming { key, message, waits } = incoming;
    let channel = conversations::channel(connection, &key.channel)?;
    let mut insert = connection.prepare_cached(ACCEPT)?;
    if insert.execute(params![channel, key.message_id, conversation, waits, now, message])? > 0 {
        return Ok(Accepted::New { id: connection.last_insert_rowid().cast_unsigned() });
    }
    if !waits {
        return Ok(Accepted::Duplicate);
    }
    reopen(connection, channel, conversation, incoming, now)
}

/// Takes a dead letter back whose caller was told that it failed.
fn reopen(
    connection: &Connection,
    channel: i64,
    conversation: i64,
    incoming: &Incoming,
    now: Time,
) -> rusqlite::Result<Accepted> {
    let Incoming { key, message, .. } = incoming;
    let mut update = connection.prepare_cached(REOPEN)?;
    let values = params![channel, key.message_id, conversation, now, message];
    let Some(id) = update.query_row(values, |row| row.get(0)).optional()? else {
        return Ok(Accepted::Duplicate);
    };
    numbered(connection, id)?;
    Ok(Accepted::Reopened { id: id.cast_unsigned() })
}

/// Numbers from now on come after this one, even if it is forgotten before another is given.
pub(super) fn numbered(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached(NUMBERED)?.execute([id]).map(drop)
}

/// Keeps what a step of its turn did.
pub(super) fn progress(
    connection: &Connection,
    MessageKey { channel, message_id }: &MessageKey,
    events: u64,
    replies: &[String],
    ended_at: Option<Time>,
) -> rusqlite::Result<()> {
    let events = Number(events);
    let replies: String = replies.iter().flat_map(|reply| [reply, "\n"]).collect();
    match ended_at {
        None => connection.prepare_cached(STEP)?.execute(params![channel, message_id, events, replies]),
        Some(now) => {
            connection.prepare_cached(LAST_STEP)?.execute(params![channel, message_id, events, replies, now])
        }
    }
    .map(drop)
}

pub(super) fn supersede(
    connection: &Connection,
    keys: &[MessageKey],
    by: &str,
    now: Time,
) -> rusqlite::Result<()> {
    for key in keys {
        end(connection, SUPERSEDE, key, by, now)?;
    }
    Ok(())
}

pub(super) fn fail(
    connection: &Connection,
    key: &MessageKey,
    error: &str,
    then: Retrial,
    now: Time,
) -> rusqlite::Result<()> {
    let Retrial::At(time) = then else { return end(connection, BURY, key, error, now) };
    let mut update = connection.prepare_cached(RETRY)?;
    update.execute(params![key.channel, key.message_id, error, Time(time)]).map(drop)
}

fn end(connection: &Connection, how: &str, key: &MessageKey, why: &str, now: Time) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached(how)?;
    let values = params![key.channel, key.message_id, why, now];
    match update.query_row(values, |row| row.get(0)).optional()? {
        Some(conversation) => conversations::touch(connection, conversation, now),
        None => Ok(()),
    }
}

pub(super) fn get(
    connection: &Connection,
    MessageKey { channel, message_id }: &MessageKey,
) -> rusqlite::Result<Option<Kept>> {
    let mut select = connection.prepare_cached(MESSAGE)?;
    let kept = select.query_row([channel, message_id], |row| {
        Ok(Kept { state: state(row, 0)?, progress: so_far(row, 3)? })
    });
    kept.optional()
}

pub(super) fn pending(
    connection: &Connection,
    Conversation { channel, sender_id }: &Conversation,
    limit: usize,
) -> rusqlite::Result<Vec<Pending>> {
    let mut select = connection.prepare_cached(PENDING)?;
    let found = select.query_map(params![channel, sender_id, Number(limit as u64)], |row| {
        let Json::<UserMessage>(message) = row.get(5)?;
        Ok(Pending {
            progress: so_far(row, 0)?,
            id: row.get::<_, Number>(3)?.0,
            channel: row.get::<_, Arc<str>>(4)?,
            message,
            waits: row.get(6)?,
            accepted_at: row.get::<_, Time>(7)?.0,
            attempts: row.get(8)?,
            retry_at: row.get::<_, Option<Time>>(9)?.map(|time| time.0),
        })
    })?;
    found.collect()
}

/// The state in three columns from this one on: the state, what superseded it, the error.
pub(super) fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    Ok(match row.get(column)? {
        0_i64 => State::Pending,
        1 => State::Over,
        2 => State::Superseded(row.get(column + 1)?),
        3 => State::Dead(row.get(column + 2)?),
        other => return Err(rusqlite::Error::IntegralValueOutOfRange(column, other)),
    })
}

/// The progress in three columns from this one on: steps, events, replies.
fn so_far(row: &Row<'_>, column: usize) -> rusqlite::Result<Progress> {
    let Lines(replies) = row.get(column + 2)?;
    Ok(Progress { steps: row.get(column)?, events: row.get::<_, Number>(column + 1)?.0, replies })
}
