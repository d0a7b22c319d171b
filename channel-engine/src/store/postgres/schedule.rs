//! What is to happen later.

use std::time::SystemTime;

use super::{
    super::{Ripe, StoreError},
    database::Database,
    inbox, names,
};

/// So much comes due at once; the rest when it is asked for again.
const BITE: i64 = 1000;

/// Tells the other servers.
pub(super) const TELL: &str =
    "SELECT pg_notify('channel_' || mailbox, $2) FROM channel_servers WHERE mailbox <> $1";

/// Several servers share the work: what one of them takes is passed over by the others.
const RIPEN: &str = "WITH due AS ( \
        DELETE FROM channel_scheduled WHERE id IN ( \
            SELECT id FROM channel_scheduled WHERE due <= $1 ORDER BY due, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
        RETURNING *), \
    messages AS ( \
        INSERT INTO channel_inbox \
            (key, id, conversation, conversation_channel, sender_id, channel, message_id, message, waits, accepted_at) \
        SELECT key, nextval('channel_inbox_ids'), conversation, conversation_channel, sender_id, channel, message_id, \
            content, false, $1 \
        FROM (SELECT * FROM due WHERE key IS NOT NULL ORDER BY due, id) AS ordered \
        ON CONFLICT (key) DO NOTHING RETURNING conversation), \
    replies AS ( \
        INSERT INTO channel_outbox \
            (id, conversation, conversation_channel, sender_id, channel, recipient, reply, since) \
        SELECT nextval('channel_outbox_ids'), conversation, conversation_channel, sender_id, channel, recipient, \
            content, $1 \
        FROM (SELECT * FROM due WHERE key IS NULL ORDER BY due, id) AS ordered \
        RETURNING conversation) \
    SELECT DISTINCT conversation_channel, sender_id FROM due \
    WHERE conversation IN (SELECT conversation FROM messages UNION SELECT conversation FROM replies) \
    ORDER BY conversation_channel, sender_id";

pub(super) async fn ripen(database: &Database, now: SystemTime) -> Result<Ripe, StoreError> {
    let rows = database.query(RIPEN, &[&names::micros(now), &BITE]).await?;
    let conversations = rows.iter().map(inbox::conversation).collect();
    let next = database.query("SELECT due FROM channel_scheduled ORDER BY due LIMIT 1", &[]).await?;
    Ok(Ripe { conversations, next: next.first().map(|row| names::time(row.get(0))) })
}
