//! Messages, until they are over.

use std::{sync::Arc, time::SystemTime};

use tokio_postgres::Row;

use super::{
    super::{Kept, MessageKey, Pending, Progress, Retrial, State, StoreError},
    database::{Database, Gathered, Statement, for_rows},
    fence::Held,
    names::{self, Key},
    notices,
    server::{Server, channel},
};
use crate::Conversation;

pub(super) const SUPERSEDE: &str = "UPDATE channel_inbox \
    SET state = 2, reason = given.reason, ended_at = $3, message = NULL \
    FROM unnest($1::bytea[], $2::bytea[]) AS given (key, reason) \
    WHERE channel_inbox.key = given.key AND state = 0";

/// Those of these pending messages whose callers wait.
pub(super) const WAITING: &str = "SELECT key, mailbox FROM channel_inbox WHERE key = ANY($1) AND state = 0 AND waits AND mailbox IS NOT NULL";

const TELL: &str =
    "SELECT pg_notify(told.channel, told.note) FROM unnest($1::text[], $2::text[]) AS told (channel, note)";

const RETRY: &str = "UPDATE channel_inbox \
    SET attempts = attempts + 1, error = $2, retry_at = $3 WHERE key = $1 AND state = 0";

const BURY: &str = "UPDATE channel_inbox \
    SET attempts = attempts + 1, error = $2, state = 3, ended_at = $3 WHERE key = $1 AND state = 0";

/// Which servers are told of which messages that they are over.
#[derive(Default)]
pub(super) struct Told {
    channels: Vec<String>,
    notes: Vec<String>,
}

impl Told {
    /// Reads what [`WAITING`] says. This server knows of its own.
    pub(super) fn new<'a>(waiting: impl IntoIterator<Item = &'a Row>, server: &Server) -> Self {
        let mut told = Self::default();
        for row in waiting {
            let mailbox: i64 = row.get(1);
            if server.can_notify && mailbox != server.mailbox {
                told.channels.push(channel(mailbox));
                told.notes.push(notices::over(&row.get(0)));
            }
        }
        told
    }

    pub(super) fn statement(&self) -> Option<Gathered<'_>> {
        for_rows(self.notes.len(), TELL, [&self.channels, &self.notes])
    }
}

pub(super) async fn message(database: &Database, key: &MessageKey) -> Result<Option<Kept>, StoreError> {
    let sql = "SELECT state, reason, error, steps, events, reply_lines FROM channel_inbox WHERE key = $1";
    let rows = database.query(sql, &[&names::of_message(key)]).await?;
    rows.first().map(|row| Ok(Kept { state: state(row), progress: progress(row)? })).transpose()
}

pub(super) async fn pending(
    database: &Database,
    conversation: &Conversation,
    limit: usize,
) -> Result<Vec<Pending>, StoreError> {
    let sql = "SELECT id, channel, message, waits, accepted_at, attempts, retry_at, steps, events, reply_lines \
        FROM channel_inbox WHERE conversation = $1 AND state = 0 ORDER BY id LIMIT $2";
    let key = names::of_conversation(conversation);
    let rows = database.query(sql, &[&key, &names::number(limit)]).await?;
    rows.iter().map(pending_of).collect()
}

fn pending_of(row: &Row) -> Result<Pending, StoreError> {
    Ok(Pending {
        id: row.get::<_, i64>("id").cast_unsigned(),
        channel: names::text(row.get("channel")),
        message: names::from_json(row.get("message"))?,
        waits: row.get("waits"),
        accepted_at: names::time(row.get("accepted_at")),
        attempts: count(row, "attempts"),
        retry_at: row.get::<_, Option<i64>>("retry_at").map(names::time),
        progress: progress(row)?,
    })
}

/// How a message stands, from its `state`, `reason` and `error`.
pub(super) fn state(row: &Row) -> State {
    let said = |column| names::text(row.get::<_, Option<&[u8]>>(column).unwrap_or_default()).to_string();
    match row.get::<_, i16>("state") {
        0 => State::Pending,
        1 => State::Over,
        2 => State::Superseded(said("reason")),
        _ => State::Dead(said("error")),
    }
}

fn progress(row: &Row) -> Result<Progress, StoreError> {
    Ok(Progress {
        steps: count(row, "steps"),
        events: row.get::<_, i64>("events").cast_unsigned(),
        replies: names::from_lines(row.get("reply_lines"))?,
    })
}

pub(super) fn count(row: &Row, column: &str) -> u32 {
    u32::try_from(row.get::<_, i64>(column)).unwrap_or(u32::MAX)
}

pub(super) async fn fail(
    database: &Database,
    server: &Server,
    key: &MessageKey,
    lease: u64,
    error: &str,
    then: Retrial,
) -> Result<(), StoreError> {
    let key = names::of_message(key);
    let (sql, time) = match then {
        Retrial::At(time) => (RETRY, time),
        Retrial::Never => (BURY, SystemTime::now()),
    };
    let ended: &[Key] = if sql == BURY { std::slice::from_ref(&key) } else { &[] };
    let change: Statement<'_> = (sql, &[&key, &error.as_bytes(), &names::micros(time)]);
    change_messages(database, server, std::slice::from_ref(&key), lease, ended, change).await
}

pub(super) async fn supersede(
    database: &Database,
    server: &Server,
    keys: &[MessageKey],
    lease: u64,
    by: &str,
) -> Result<(), StoreError> {
    let keys: Vec<_> = keys.iter().map(names::of_message).collect();
    let now = names::micros(SystemTime::now());
    let reasons = vec![by.as_bytes(); keys.len()];
    let change: Statement<'_> = (SUPERSEDE, &[&keys, &reasons, &now]);
    change_messages(database, server, &keys, lease, &keys, change).await
}

/// Changes pending messages of one conversation, which is held, and tells whose caller waits for one that has ended.
async fn change_messages(
    database: &Database,
    server: &Server,
    keys: &[Key],
    lease: u64,
    ended: &[Key],
    change: Statement<'_>,
) -> Result<(), StoreError> {
    let sql = "SELECT conversation FROM channel_inbox WHERE key = ANY($1) LIMIT 1";
    let rows = database.query(sql, &[&keys]).await?;
    let Some(conversation) = rows.first().map(|row| row.get::<_, Key>(0)) else { return Ok(()) };
    let held = Held::begin(database, server, &conversation, lease, &[(WAITING, &[&ended])]).await?;
    let told = Told::new(&held.answers[0], server);
    let tell = told.statement();
    let tell = tell.as_ref().map(|(sql, parameters)| (*sql, parameters.as_slice()));
    let statements: Vec<_> = [change].into_iter().chain(tell).collect();
    held.finish(&statements).await?;
    Ok(())
}

/// The conversation that a row names.
pub(super) fn conversation(row: &Row) -> Conversation {
    let name = |column| -> Arc<str> { names::text(row.get(column)) };
    Conversation::new(name("conversation_channel"), name("sender_id"))
}
