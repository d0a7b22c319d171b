//! Replies, from their step until they are sent.

use std::sync::Arc;

use channel_core::{BotMessage, Recipient};
use rusqlite::{Connection, params};

use super::{
    super::{Outgoing, Outward, Settlement, StoreError},
    columns::{Json, Number, Time, json},
    conversations,
};
use crate::Conversation;

const PUSH: &str =
    "INSERT INTO outbox (conversation, channel, since, recipient, reply) VALUES (?1, ?2, ?3, ?4, ?5)";
const UNSENT: &str = "SELECT outbox.id, channel.name, outbox.recipient, outbox.reply, outbox.attempts,
        outbox.retry_at
    FROM outbox JOIN channel ON channel.id = outbox.channel
    WHERE outbox.outcome IS NULL AND outbox.conversation = (SELECT conversation.id FROM conversation
        WHERE sender_id = ?2 AND channel = (SELECT id FROM channel WHERE name = ?1))
    ORDER BY outbox.id LIMIT ?3";
const SENT: &str = "DELETE FROM outbox WHERE id = ?1 AND conversation = ?2 AND outcome IS NULL";
const RETRY: &str = "UPDATE outbox
    SET attempts = attempts + 1, retry_at = ?3, error = ?4, reply = coalesce(?5, reply)
    WHERE id = ?1 AND conversation = ?2 AND outcome IS NULL";
const BURY: &str = "UPDATE outbox SET attempts = attempts + 1, since = ?3, error = ?4, outcome = ?5
    WHERE id = ?1 AND conversation = ?2 AND outcome IS NULL";

/// Where replies go, as it is kept.
pub(super) struct Route {
    pub(super) channel: Arc<str>,
    pub(super) recipient: String,
}

impl Route {
    pub(super) fn new(Outward { channel, to }: Outward<'_>) -> Result<Self, StoreError> {
        Ok(Self { channel: Arc::clone(channel), recipient: json(to)? })
    }
}

/// What became of a try, as it is kept.
pub(super) enum Settled {
    Sent,
    Retry { at: Time, error: String, rest: Option<String> },
    Dead { outcome: String, error: String },
}

impl Settled {
    pub(super) fn new(settlement: Settlement<'_>) -> Result<Self, StoreError> {
        Ok(match settlement {
            Settlement::Sent => Self::Sent,
            Settlement::Retry { at, error, rest } => {
                let rest = rest.map(json).transpose()?;
                Self::Retry { at: Time(at), error: error.to_owned(), rest }
            }
            Settlement::Dead { outcome, error } => {
                Self::Dead { outcome: outcome.to_owned(), error: error.to_owned() }
            }
        })
    }
}

/// Puts replies at the end of what is to be sent; returns their numbers.
pub(super) fn push(
    connection: &Connection,
    conversation: i64,
    route: &Route,
    replies: &[String],
    now: Time,
) -> rusqlite::Result<Vec<u64>> {
    let channel = conversations::channel(connection, &route.channel)?;
    let mut insert = connection.prepare_cached(PUSH)?;
    let ids = replies.iter().map(|reply| {
        insert.execute(params![conversation, channel, now, route.recipient, reply])?;
        Ok(connection.last_insert_rowid().cast_unsigned())
    });
    ids.collect()
}

pub(super) fn unsent(
    connection: &Connection,
    Conversation { channel, sender_id }: &Conversation,
    limit: usize,
) -> rusqlite::Result<Vec<Outgoing>> {
    let mut select = connection.prepare_cached(UNSENT)?;
    let found = select.query_map(params![channel, sender_id, Number(limit as u64)], |row| {
        let Json::<Recipient>(to) = row.get(2)?;
        let Json::<BotMessage>(reply) = row.get(3)?;
        Ok(Outgoing {
            id: row.get::<_, Number>(0)?.0,
            channel: row.get(1)?,
            to,
            reply,
            attempts: row.get(4)?,
            retry_at: row.get::<_, Option<Time>>(5)?.map(|time| time.0),
        })
    })?;
    found.collect()
}

pub(super) fn settle(
    connection: &Connection,
    conversation: &Conversation,
    id: u64,
    settled: &Settled,
    now: Time,
) -> rusqlite::Result<()> {
    let id = Number(id);
    let Some(conversation) = conversations::number(connection, conversation)? else { return Ok(()) };
    match settled {
        Settled::Sent => {
            connection.prepare_cached(SENT)?.execute(params![id, conversation])?;
        }
        Settled::Retry { at, error, rest } => {
            connection.prepare_cached(RETRY)?.execute(params![id, conversation, at, error, rest])?;
        }
        Settled::Dead { outcome, error } => {
            connection.prepare_cached(BURY)?.execute(params![id, conversation, now, error, outcome])?;
            conversations::touch(connection, conversation, now)?;
        }
    }
    Ok(())
}
