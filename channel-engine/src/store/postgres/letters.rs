//! Dead letters.

use std::time::SystemTime;

use tokio_postgres::Row;

use super::{
    super::{Content, DeadLetter, Filter, LetterId, StoreError},
    database::Database,
    inbox::{conversation, count},
    listing::{error, select},
    names,
};
use crate::Conversation;

const MESSAGES: &str = "SELECT id, conversation_channel, sender_id, channel, ended_at AS since, attempts, error, message \
    FROM channel_inbox \
    WHERE state = 3 AND ($1::bytea IS NULL OR channel = $1) AND ($2::bytea IS NULL OR sender_id = $2) \
    ORDER BY ended_at, id LIMIT $3";

const REPLIES: &str = "SELECT id, conversation_channel, sender_id, channel, died_at AS since, attempts, error, \
        recipient, reply, outcome \
    FROM channel_outbox \
    WHERE died_at IS NOT NULL AND ($1::bytea IS NULL OR channel = $1) AND ($2::bytea IS NULL OR sender_id = $2) \
    ORDER BY died_at, id LIMIT $3";

const MESSAGE: &str = "SELECT id, conversation_channel, sender_id, channel, ended_at AS since, attempts, error, message \
    FROM channel_inbox WHERE state = 3 AND id = $1";

const REPLY: &str = "SELECT id, conversation_channel, sender_id, channel, died_at AS since, attempts, error, \
        recipient, reply, outcome \
    FROM channel_outbox WHERE died_at IS NOT NULL AND id = $1";

const REPLAY_MESSAGE: &str = "UPDATE channel_inbox SET id = nextval('channel_inbox_ids'), state = 0, ended_at = NULL, \
        attempts = 0, error = NULL, retry_at = NULL, waits = false, events = 0, accepted_at = $2 \
    WHERE state = 3 AND id = $1 RETURNING conversation_channel, sender_id";

const REPLAY_REPLY: &str = "UPDATE channel_outbox SET id = nextval('channel_outbox_ids'), died_at = NULL, \
        outcome = NULL, attempts = 0, error = NULL, retry_at = NULL, since = $2 \
    WHERE died_at IS NOT NULL AND id = $1 RETURNING conversation_channel, sender_id";

const DISCARD_MESSAGE: &str = "UPDATE channel_inbox \
    SET state = 2, reason = 'discarded', ended_at = $2, message = NULL WHERE state = 3 AND id = $1 RETURNING 1";

const DISCARD_REPLY: &str = "DELETE FROM channel_outbox WHERE died_at IS NOT NULL AND id = $1 RETURNING 1";

pub(super) async fn all(database: &Database, filter: &Filter) -> Result<Vec<DeadLetter>, StoreError> {
    let messages = select(database, MESSAGES, filter).await?;
    let left = Filter { limit: filter.limit.saturating_sub(messages.len()), ..filter.clone() };
    let replies = select(database, REPLIES, &left).await?;
    messages.iter().map(message).chain(replies.iter().map(reply)).collect()
}

pub(super) async fn one(database: &Database, id: LetterId) -> Result<Option<DeadLetter>, StoreError> {
    let row = database.query(if is_message(id) { MESSAGE } else { REPLY }, &[&number(id)]).await?.pop();
    row.map(|row| if is_message(id) { message(&row) } else { reply(&row) }).transpose()
}

pub(super) async fn replay(database: &Database, id: LetterId) -> Result<Option<Conversation>, StoreError> {
    let now = names::micros(SystemTime::now());
    let rows = match id {
        LetterId::Message(_) => database.query(REPLAY_MESSAGE, &[&number(id), &now]).await?,
        LetterId::Reply(_) => database.query(REPLAY_REPLY, &[&number(id), &now]).await?,
    };
    Ok(rows.first().map(conversation))
}

pub(super) async fn discard(database: &Database, id: LetterId) -> Result<bool, StoreError> {
    let now = names::micros(SystemTime::now());
    let rows = match id {
        LetterId::Message(_) => database.query(DISCARD_MESSAGE, &[&number(id), &now]).await?,
        LetterId::Reply(_) => database.query(DISCARD_REPLY, &[&number(id)]).await?,
    };
    Ok(!rows.is_empty())
}

fn is_message(id: LetterId) -> bool {
    matches!(id, LetterId::Message(_))
}

/// No letter has a number that is beyond those of the database.
fn number(id: LetterId) -> i64 {
    let (LetterId::Message(number) | LetterId::Reply(number)) = id;
    i64::try_from(number).unwrap_or(-1)
}

fn message(row: &Row) -> Result<DeadLetter, StoreError> {
    let content = Content::Message(names::from_json(row.get("message"))?);
    Ok(letter(row, LetterId::Message, content))
}

fn reply(row: &Row) -> Result<DeadLetter, StoreError> {
    let content = Content::Reply {
        to: names::from_json(row.get("recipient"))?,
        reply: names::from_json(row.get("reply"))?,
        outcome: names::text(row.get("outcome")).to_string(),
    };
    Ok(letter(row, LetterId::Reply, content))
}

fn letter(row: &Row, id: fn(u64) -> LetterId, content: Content) -> DeadLetter {
    DeadLetter {
        id: id(row.get::<_, i64>("id").cast_unsigned()),
        conversation: conversation(row),
        channel: names::text(row.get("channel")),
        since: names::time(row.get("since")),
        attempts: count(row, "attempts"),
        error: error(row).unwrap_or_default(),
        content,
    }
}
