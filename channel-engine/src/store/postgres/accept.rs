//! Messages are kept, many with one statement.

use std::{collections::HashMap, sync::Arc, time::SystemTime};

use super::{
    super::{Accepted, Incoming, StoreError},
    batch::{Desk, Item, Outcome},
    database::Database,
    names::{self, Key},
};

/// Numbered in the order of their coming, but inserted in that of their keys: two servers that keep the same messages wait
/// for each other, never in a circle.
const INSERT: &str = "INSERT INTO channel_inbox \
    (key, id, conversation, conversation_channel, sender_id, channel, message_id, message, waits, accepted_at, mailbox) \
    SELECT key, id, conversation, conversation_channel, sender_id, channel, message_id, message, waits, accepted_at, $10 \
    FROM (SELECT nextval('channel_inbox_ids') AS id, placed.* FROM ( \
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], \
            $8::boolean[], $9::bigint[]) WITH ORDINALITY \
        AS given (key, conversation, conversation_channel, sender_id, channel, message_id, message, waits, accepted_at, \
            place) \
        ORDER BY place) AS placed) AS numbered \
    ORDER BY key ON CONFLICT (key) DO NOTHING RETURNING key, id";

/// Dead letters whose callers were told so, and who deliver them again.
const REOPEN: &str = "UPDATE channel_inbox SET id = nextval('channel_inbox_ids'), message = given.message, \
        accepted_at = given.accepted_at, mailbox = $5, state = 0, ended_at = NULL, attempts = 0, error = NULL, \
        retry_at = NULL, events = 0 \
    FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::bigint[]) AS given (key, conversation, message, accepted_at) \
    WHERE channel_inbox.key = given.key AND channel_inbox.conversation = given.conversation \
        AND channel_inbox.state = 3 AND channel_inbox.waits \
    RETURNING channel_inbox.key, channel_inbox.id";

/// A message as it is written.
pub(super) struct Row {
    key: Key,
    conversation: Key,
    conversation_channel: Arc<str>,
    sender_id: Arc<str>,
    channel: Arc<str>,
    message_id: String,
    json: String,
    waits: bool,
    accepted_at: i64,
}

impl Row {
    pub(super) fn new(incoming: Incoming<'_>) -> Result<Self, StoreError> {
        let Incoming { conversation, channel, message, waits } = incoming;
        Ok(Self {
            key: names::hash(channel, &message.message_id),
            conversation: names::of_conversation(conversation),
            conversation_channel: Arc::clone(&conversation.channel),
            sender_id: Arc::clone(&conversation.sender_id),
            channel: Arc::clone(channel),
            message_id: message.message_id.clone(),
            json: names::json(message)?,
            waits,
            accepted_at: names::micros(SystemTime::now()),
        })
    }
}

impl Item for Row {
    type Answer = Accepted;

    /// A message that is kept already, though the answer was lost, would be its own duplicate.
    const IS_REPEATABLE: bool = false;

    fn size(&self) -> usize {
        self.json.len()
    }

    async fn write(desk: &Desk, rows: &[Self]) -> Outcome<Vec<Outcome<Accepted>>> {
        let accepted = write(&desk.database, desk.server.mailbox, rows).await?;
        Ok(accepted.into_iter().map(Ok).collect())
    }
}

/// What became of each message.
async fn write(database: &Database, mailbox: i64, rows: &[Row]) -> Result<Vec<Accepted>, StoreError> {
    let mut new = insert(database, mailbox, rows).await?;
    let known: Vec<_> = rows.iter().filter(|row| row.waits && !new.contains_key(&row.key)).collect();
    let mut reopened =
        if known.is_empty() { HashMap::new() } else { reopen(database, mailbox, &known).await? };
    // The first of two with one key is the new one.
    let mut accepted = |row: &Row| match (new.remove(&row.key), reopened.remove(&row.key)) {
        (Some(id), _) => Accepted::New { id },
        (None, Some(id)) => Accepted::Reopened { id },
        (None, None) => Accepted::Duplicate,
    };
    Ok(rows.iter().map(&mut accepted).collect())
}

async fn insert(database: &Database, mailbox: i64, rows: &[Row]) -> Result<HashMap<Key, u64>, StoreError> {
    let of = |field: fn(&Row) -> &[u8]| rows.iter().map(field).collect::<Vec<_>>();
    let keys = of(|row| &row.key);
    let conversations = of(|row| &row.conversation);
    let conversation_channels = of(|row| row.conversation_channel.as_bytes());
    let sender_ids = of(|row| row.sender_id.as_bytes());
    let channels = of(|row| row.channel.as_bytes());
    let message_ids = of(|row| row.message_id.as_bytes());
    let json: Vec<_> = rows.iter().map(|row| row.json.as_str()).collect();
    let waits: Vec<_> = rows.iter().map(|row| row.waits).collect();
    let accepted_at: Vec<_> = rows.iter().map(|row| row.accepted_at).collect();
    let answer = database
        .query(
            INSERT,
            &[
                &keys,
                &conversations,
                &conversation_channels,
                &sender_ids,
                &channels,
                &message_ids,
                &json,
                &waits,
                &accepted_at,
                &mailbox,
            ],
        )
        .await?;
    Ok(ids(&answer))
}

async fn reopen(database: &Database, mailbox: i64, rows: &[&Row]) -> Result<HashMap<Key, u64>, StoreError> {
    let keys: Vec<_> = rows.iter().map(|row| &row.key).collect();
    let conversations: Vec<_> = rows.iter().map(|row| &row.conversation).collect();
    let json: Vec<_> = rows.iter().map(|row| &row.json).collect();
    let accepted_at: Vec<_> = rows.iter().map(|row| row.accepted_at).collect();
    let answer = database.query(REOPEN, &[&keys, &conversations, &json, &accepted_at, &mailbox]).await?;
    Ok(ids(&answer))
}

fn ids(answer: &[tokio_postgres::Row]) -> HashMap<Key, u64> {
    answer.iter().map(|row| (row.get(0), row.get::<_, i64>(1).cast_unsigned())).collect()
}
