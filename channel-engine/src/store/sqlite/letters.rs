//! Dead letters.

use channel_core::{BotMessage, Recipient, UserMessage};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    super::{Content, DeadLetter, Filter, LetterId},
    columns::{Json, Number, Time},
    conversations::{self, named},
    inbox,
};
use crate::Conversation;

/// Selects what both kinds have in the same columns, for [`letter`]; what they say comes last.
macro_rules! select {
    ($table:literal, $since:literal, $content:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            $table,
            ".id, through.name, conversation.sender_id, channel.name, ",
            $since,
            ", ",
            $table,
            ".attempts, ",
            $table,
            ".error, ",
            $content,
            " FROM ",
            $table,
            " JOIN channel ON channel.id = ",
            $table,
            ".channel",
            " JOIN conversation ON conversation.id = ",
            $table,
            ".conversation",
            " JOIN channel AS through ON through.id = conversation.channel WHERE ",
            $condition
        )
    };
}

const MESSAGES: &str = select!(
    "inbox",
    "inbox.ended_at",
    "inbox.message",
    "inbox.state = 3 AND (?1 IS NULL OR channel.name = ?1) AND (?2 IS NULL OR conversation.sender_id = ?2)
        ORDER BY inbox.ended_at, inbox.id LIMIT ?3"
);
const MESSAGE: &str =
    select!("inbox", "inbox.ended_at", "inbox.message", "inbox.state = 3 AND inbox.id = ?1");
const REPLIES: &str = select!(
    "outbox",
    "outbox.since",
    "outbox.recipient, outbox.reply, outbox.outcome",
    "outbox.outcome IS NOT NULL AND (?1 IS NULL OR channel.name = ?1)
        AND (?2 IS NULL OR conversation.sender_id = ?2) ORDER BY outbox.since, outbox.id LIMIT ?3"
);
const REPLY: &str = select!(
    "outbox",
    "outbox.since",
    "outbox.recipient, outbox.reply, outbox.outcome",
    "outbox.outcome IS NOT NULL AND outbox.id = ?1"
);
const REPLAY_MESSAGE: &str = "UPDATE inbox
    SET id = (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'inbox'),
        state = 0, ended_at = NULL, accepted_at = ?2, attempts = 0, retry_at = NULL, error = NULL,
        waits = 0, events = 0
    WHERE id = ?1 AND state = 3 RETURNING id, conversation";
const REPLAY_REPLY: &str = "INSERT INTO outbox (conversation, channel, since, recipient, reply)
    SELECT conversation, channel, ?2, recipient, reply FROM outbox WHERE id = ?1 AND outcome IS NOT NULL
    RETURNING conversation";
const DISCARD_MESSAGE: &str = "UPDATE inbox
    SET state = 2, ended_at = ?2, message = NULL, superseded_by = 'discarded'
    WHERE id = ?1 AND state = 3 RETURNING conversation";
const DISCARD_REPLY: &str = "DELETE FROM outbox WHERE id = ?1 AND outcome IS NOT NULL";
const CONVERSATION: &str = "SELECT channel.name, conversation.sender_id FROM conversation
    JOIN channel ON channel.id = conversation.channel WHERE conversation.id = ?1";

pub(super) fn all(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<DeadLetter>> {
    let mut letters = Vec::new();
    for (select, read) in [(MESSAGES, message as Read), (REPLIES, reply)] {
        let mut select = connection.prepare_cached(select)?;
        let left = Number((filter.limit - letters.len()) as u64);
        for letter in select.query_map(params![filter.channel, filter.sender_id, left], read)? {
            letters.push(letter?);
        }
    }
    Ok(letters)
}

pub(super) fn get(connection: &Connection, id: LetterId) -> rusqlite::Result<Option<DeadLetter>> {
    let (select, id, read) = match id {
        LetterId::Message(id) => (MESSAGE, id, message as Read),
        LetterId::Reply(id) => (REPLY, id, reply as Read),
    };
    connection.prepare_cached(select)?.query_row([Number(id)], read).optional()
}

pub(super) fn replay(
    connection: &Connection,
    id: LetterId,
    now: Time,
) -> rusqlite::Result<Option<Conversation>> {
    let conversation = match id {
        LetterId::Message(id) => replay_message(connection, id, now)?,
        LetterId::Reply(id) => replay_reply(connection, id, now)?,
    };
    let Some(conversation) = conversation else { return Ok(None) };
    connection.prepare_cached(CONVERSATION)?.query_row([conversation], |row| named(row, 0)).optional()
}

fn replay_message(connection: &Connection, id: u64, now: Time) -> rusqlite::Result<Option<i64>> {
    let mut update = connection.prepare_cached(REPLAY_MESSAGE)?;
    let replayed =
        update.query_row(params![Number(id), now], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((id, conversation)) = replayed else { return Ok(None) };
    inbox::numbered(connection, id)?;
    Ok(Some(conversation))
}

fn replay_reply(connection: &Connection, id: u64, now: Time) -> rusqlite::Result<Option<i64>> {
    let mut copy = connection.prepare_cached(REPLAY_REPLY)?;
    let conversation = copy.query_row(params![Number(id), now], |row| row.get(0)).optional()?;
    connection.prepare_cached(DISCARD_REPLY)?.execute([Number(id)])?;
    Ok(conversation)
}

pub(super) fn discard(connection: &Connection, id: LetterId, now: Time) -> rusqlite::Result<bool> {
    match id {
        LetterId::Message(id) => discard_message(connection, id, now),
        LetterId::Reply(id) => Ok(connection.prepare_cached(DISCARD_REPLY)?.execute([Number(id)])? > 0),
    }
}

fn discard_message(connection: &Connection, id: u64, now: Time) -> rusqlite::Result<bool> {
    let mut update = connection.prepare_cached(DISCARD_MESSAGE)?;
    let conversation = update.query_row(params![Number(id), now], |row| row.get(0)).optional()?;
    let Some(conversation) = conversation else { return Ok(false) };
    conversations::touch(connection, conversation, now)?;
    Ok(true)
}

type Read = fn(&Row<'_>) -> rusqlite::Result<DeadLetter>;

fn message(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    let Json::<UserMessage>(message) = row.get(7)?;
    letter(row, LetterId::Message, Content::Message(Box::new(message)))
}

fn reply(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    let Json::<Recipient>(to) = row.get(7)?;
    let Json::<BotMessage>(reply) = row.get(8)?;
    let content = Content::Reply { to, reply: Box::new(reply), outcome: row.get(9)? };
    letter(row, LetterId::Reply, content)
}

fn letter(row: &Row<'_>, id: fn(u64) -> LetterId, content: Content) -> rusqlite::Result<DeadLetter> {
    Ok(DeadLetter {
        id: id(row.get::<_, Number>(0)?.0),
        conversation: named(row, 1)?,
        channel: row.get(3)?,
        since: row.get::<_, Time>(4)?.0,
        attempts: row.get(5)?,
        error: row.get(6)?,
        content,
    })
}
