//! What there is to do, for operators.

use std::sync::Arc;

use rusqlite::{Connection, Row, params};

use super::{
    super::{Backlog, Filter, Listed, ListedReply, MessageKey},
    columns::{Number, Time},
    conversations::named,
    inbox,
};

/// Selects the messages that fit the filter and this condition, for [`listed`].
macro_rules! messages {
    ($condition:literal) => {
        concat!(
            "SELECT inbox.state, inbox.superseded_by, inbox.error, channel.name, inbox.message_id,
                through.name, conversation.sender_id, inbox.accepted_at, inbox.attempts
            FROM inbox
            JOIN channel ON channel.id = inbox.channel
            JOIN conversation ON conversation.id = inbox.conversation
            JOIN channel AS through ON through.id = conversation.channel
            WHERE (?1 IS NULL OR channel.name = ?1) AND (?2 IS NULL OR conversation.sender_id = ?2) AND ",
            $condition,
            " ORDER BY inbox.id LIMIT ?3"
        )
    };
}

const MESSAGES: &str = messages!("inbox.state <> 3");
const UNFINISHED: &str = messages!("inbox.state = 0");
const REPLIES: &str = "SELECT outbox.id, through.name, conversation.sender_id, channel.name, outbox.since,
        outbox.attempts, outbox.retry_at, outbox.error
    FROM outbox
    JOIN channel ON channel.id = outbox.channel
    JOIN conversation ON conversation.id = outbox.conversation
    JOIN channel AS through ON through.id = conversation.channel
    WHERE (?1 IS NULL OR channel.name = ?1) AND (?2 IS NULL OR conversation.sender_id = ?2)
        AND outbox.outcome IS NULL
    ORDER BY outbox.id LIMIT ?3";
const BACKLOG: &str = "SELECT
    (SELECT count(*) FROM inbox WHERE state = 0),
    (SELECT min(accepted_at) FROM inbox WHERE state = 0),
    (SELECT count(*) FROM outbox WHERE outcome IS NULL),
    (SELECT min(since) FROM outbox WHERE outcome IS NULL),
    (SELECT count(*) FROM schedule),
    (SELECT count(*) FROM inbox WHERE state = 3) + (SELECT count(*) FROM outbox WHERE outcome IS NOT NULL)";

pub(super) fn backlog(connection: &Connection) -> rusqlite::Result<Backlog> {
    connection.prepare_cached(BACKLOG)?.query_row([], |row| {
        let count = |column| row.get::<_, Number>(column).map(|count| count.0);
        let time = |column| row.get::<_, Option<Time>>(column).map(|time| time.map(|time| time.0));
        Ok(Backlog {
            pending: count(0)?,
            oldest_pending: time(1)?,
            unsent: count(2)?,
            oldest_unsent: time(3)?,
            scheduled: count(4)?,
            dead_letters: count(5)?,
        })
    })
}

pub(super) fn messages(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<Listed>> {
    let select = if filter.unfinished { UNFINISHED } else { MESSAGES };
    let limit = Number(filter.limit as u64);
    let mut select = connection.prepare_cached(select)?;
    select.query_map(params![filter.channel, filter.sender_id, limit], listed)?.collect()
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let channel: Arc<str> = row.get(3)?;
    let message_id: Arc<str> = row.get(4)?;
    Ok(Listed {
        key: MessageKey { channel, message_id },
        conversation: named(row, 5)?,
        state: inbox::state(row, 0)?,
        accepted_at: row.get::<_, Time>(7)?.0,
        attempts: row.get(8)?,
        error: row.get(2)?,
    })
}

pub(super) fn replies(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<ListedReply>> {
    let limit = Number(filter.limit as u64);
    let mut select = connection.prepare_cached(REPLIES)?;
    select.query_map(params![filter.channel, filter.sender_id, limit], listed_reply)?.collect()
}

fn listed_reply(row: &Row<'_>) -> rusqlite::Result<ListedReply> {
    Ok(ListedReply {
        id: row.get::<_, Number>(0)?.0,
        conversation: named(row, 1)?,
        channel: row.get(3)?,
        since: row.get::<_, Time>(4)?.0,
        attempts: row.get(5)?,
        retry_at: row.get::<_, Option<Time>>(6)?.map(|time| time.0),
        error: row.get(7)?,
    })
}
