//! What is old is forgotten, in bites that nobody has to wait for long.

use super::{
    super::{Expired, StoreError},
    database::{Database, Parameter},
    names,
};

/// So many rows at once.
const BITE: i64 = 1000;

/// So many conversations at once: each has many rows.
const CONVERSATIONS: i64 = 100;

const OVER: &str = "DELETE FROM channel_inbox WHERE key IN ( \
    SELECT key FROM channel_inbox WHERE state IN (1, 2) AND ended_at < $1 ORDER BY ended_at LIMIT $2 \
    FOR UPDATE SKIP LOCKED) RETURNING 1";

const DEAD_MESSAGES: &str = "DELETE FROM channel_inbox WHERE key IN ( \
    SELECT key FROM channel_inbox WHERE state = 3 AND ended_at < $1 ORDER BY ended_at LIMIT $2 \
    FOR UPDATE SKIP LOCKED) RETURNING 1";

const DEAD_REPLIES: &str = "DELETE FROM channel_outbox WHERE id IN ( \
    SELECT id FROM channel_outbox WHERE died_at < $1 ORDER BY died_at LIMIT $2 \
    FOR UPDATE SKIP LOCKED) RETURNING 1";

/// The row of one that is held stays, without events: it says by whom.
const OLD_CONVERSATIONS: &str = "WITH old AS ( \
        SELECT key, holder FROM channel_conversations AS conversation \
        WHERE has_begun AND changed_hour <= $3 AND changed_at < $1 \
            AND NOT EXISTS (SELECT 1 FROM channel_inbox WHERE channel_inbox.conversation = conversation.key AND state = 0) \
            AND NOT EXISTS ( \
                SELECT 1 FROM channel_outbox \
                WHERE channel_outbox.conversation = conversation.key AND died_at IS NULL) \
        ORDER BY changed_hour LIMIT $2 FOR UPDATE SKIP LOCKED), \
    events AS (DELETE FROM channel_events USING old WHERE channel_events.conversation = old.key), \
    free AS (DELETE FROM channel_conversations AS conversation USING old \
        WHERE conversation.key = old.key AND old.holder IS NULL), \
    held AS (UPDATE channel_conversations AS conversation SET has_begun = false FROM old \
        WHERE conversation.key = old.key AND old.holder IS NOT NULL) \
    SELECT 1 FROM old";

/// Rows that say nothing: of conversations without events that nobody holds, or that a server held when it died.
const EMPTY: &str = "DELETE FROM channel_conversations WHERE key IN ( \
    SELECT key FROM channel_conversations \
    WHERE NOT has_begun AND (holder IS NULL OR holder NOT IN (SELECT id FROM channel_servers)) LIMIT $1 \
    FOR UPDATE SKIP LOCKED) RETURNING 1";

/// Servers that have long been dead.
const SERVERS: &str = "DELETE FROM channel_servers WHERE seen < clock_timestamp() - interval '1 hour'";

pub(super) async fn sweep(database: &Database, expired: Expired) -> Result<(), StoreError> {
    let messages = names::micros(expired.messages);
    let dead_letters = names::micros(expired.dead_letters);
    in_bites(database, OVER, &[&messages, &BITE], BITE).await?;
    in_bites(database, DEAD_MESSAGES, &[&dead_letters, &BITE], BITE).await?;
    in_bites(database, DEAD_REPLIES, &[&dead_letters, &BITE], BITE).await?;
    if let Some(conversations) = expired.conversations {
        let before = names::micros(conversations);
        let parameters: [Parameter<'_>; 3] = [&before, &CONVERSATIONS, &names::hour(before)];
        in_bites(database, OLD_CONVERSATIONS, &parameters, CONVERSATIONS).await?;
    }
    database.query(SERVERS, &[]).await?;
    in_bites(database, EMPTY, &[&BITE], BITE).await?;
    Ok(())
}

/// Repeats a statement until it finds less than a bite.
async fn in_bites(
    database: &Database,
    sql: &'static str,
    parameters: &[Parameter<'_>],
    bite: i64,
) -> Result<(), StoreError> {
    while names::number(database.query(sql, parameters).await?.len()) == bite {}
    Ok(())
}
