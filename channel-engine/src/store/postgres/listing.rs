//! What operators see of what is under way.

use tokio_postgres::Row;

use super::{
    super::{Backlog, Filter, Listed, ListedReply, MessageKey, StoreError},
    database::Database,
    inbox::{conversation, count, state},
    names,
};

const BACKLOG: &str = "SELECT * FROM \
    (SELECT count(*) AS pending, min(accepted_at) AS oldest_pending FROM channel_inbox WHERE state = 0) AS pending, \
    (SELECT count(*) AS unsent, min(since) AS oldest_unsent FROM channel_outbox WHERE died_at IS NULL) AS unsent, \
    (SELECT count(*) AS scheduled FROM channel_scheduled) AS scheduled, \
    (SELECT count(*) AS dead_messages FROM channel_inbox WHERE state = 3) AS dead_messages, \
    (SELECT count(*) AS dead_replies FROM channel_outbox WHERE died_at IS NOT NULL) AS dead_replies";

const PENDING: &str = "SELECT channel, message_id, conversation_channel, sender_id, state, reason, error, accepted_at, \
        attempts FROM channel_inbox \
    WHERE state = 0 AND ($1::bytea IS NULL OR channel = $1) AND ($2::bytea IS NULL OR sender_id = $2) \
    ORDER BY id LIMIT $3";

const MESSAGES: &str = "SELECT channel, message_id, conversation_channel, sender_id, state, reason, error, accepted_at, \
        attempts FROM channel_inbox \
    WHERE state <> 3 AND ($1::bytea IS NULL OR channel = $1) AND ($2::bytea IS NULL OR sender_id = $2) \
    ORDER BY id LIMIT $3";

const REPLIES: &str = "SELECT id, conversation_channel, sender_id, channel, since, attempts, retry_at, error \
    FROM channel_outbox \
    WHERE died_at IS NULL AND ($1::bytea IS NULL OR channel = $1) AND ($2::bytea IS NULL OR sender_id = $2) \
    ORDER BY id LIMIT $3";

pub(super) async fn backlog(database: &Database) -> Result<Backlog, StoreError> {
    let rows = database.query(BACKLOG, &[]).await?;
    let Some(row) = rows.first() else { return Ok(Backlog::default()) };
    let number = |column| row.get::<_, i64>(column).cast_unsigned();
    let time = |column| row.get::<_, Option<i64>>(column).map(names::time);
    Ok(Backlog {
        pending: number("pending"),
        oldest_pending: time("oldest_pending"),
        unsent: number("unsent"),
        oldest_unsent: time("oldest_unsent"),
        scheduled: number("scheduled"),
        dead_letters: number("dead_messages") + number("dead_replies"),
    })
}

pub(super) async fn messages(database: &Database, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
    let rows = select(database, if filter.unfinished { PENDING } else { MESSAGES }, filter).await?;
    let listed = rows.iter().map(|row| Listed {
        key: MessageKey::new(names::text(row.get("channel")), names::text(row.get("message_id"))),
        conversation: conversation(row),
        state: state(row),
        accepted_at: names::time(row.get("accepted_at")),
        attempts: count(row, "attempts"),
        error: error(row),
    });
    Ok(listed.collect())
}

pub(super) async fn replies(database: &Database, filter: &Filter) -> Result<Vec<ListedReply>, StoreError> {
    let rows = select(database, REPLIES, filter).await?;
    let listed = rows.iter().map(|row| ListedReply {
        id: row.get::<_, i64>("id").cast_unsigned(),
        conversation: conversation(row),
        channel: names::text(row.get("channel")),
        since: names::time(row.get("since")),
        attempts: count(row, "attempts"),
        retry_at: row.get::<_, Option<i64>>("retry_at").map(names::time),
        error: error(row),
    });
    Ok(listed.collect())
}

/// Runs a statement whose parameters are the channel, the sender, and how many rows there may be.
pub(super) async fn select(
    database: &Database,
    sql: &'static str,
    filter: &Filter,
) -> Result<Vec<Row>, StoreError> {
    let channel = filter.channel.as_ref().map(|channel| channel.as_bytes());
    let sender_id = filter.sender_id.as_ref().map(|sender_id| sender_id.as_bytes());
    database.query(sql, &[&channel, &sender_id, &names::number(filter.limit)]).await
}

/// Why it failed the last time.
pub(super) fn error(row: &Row) -> Option<String> {
    row.get::<_, Option<&[u8]>>("error").map(|error| names::text(error).to_string())
}
