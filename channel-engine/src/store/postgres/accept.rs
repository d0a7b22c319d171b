//! Messages are kept in batches: what waits is written with one statement, then what has come meanwhile.

use std::{collections::HashMap, sync::Arc, time::SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Row;

use super::{
    super::{Accepted, Incoming, StoreError},
    database::Database,
    names::{self, Key},
};

/// So many messages wait at most, and are written at once.
const BATCH: usize = 256;

/// A batch is full at so many bytes of messages.
const BATCH_BYTES: usize = 4 << 20;

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
        retry_at = NULL \
    FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::bigint[]) AS given (key, conversation, message, accepted_at) \
    WHERE channel_inbox.key = given.key AND channel_inbox.conversation = given.conversation \
        AND channel_inbox.state = 3 AND channel_inbox.waits \
    RETURNING channel_inbox.key, channel_inbox.id";

/// Where messages are handed in.
pub(super) struct Acceptor {
    requests: mpsc::Sender<Request>,
}

struct Request {
    message: Message,
    answer: oneshot::Sender<Result<Accepted, Arc<str>>>,
}

struct Message {
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

impl Acceptor {
    /// Starts the writer, which ends with the last of those who hand in.
    pub(super) fn start(database: Database, mailbox: i64) -> Self {
        let (requests, waiting) = mpsc::channel(BATCH);
        tokio::spawn(write_all(database, mailbox, waiting));
        Self { requests }
    }

    pub(super) async fn accept(&self, incoming: Incoming<'_>) -> Result<Accepted, StoreError> {
        let message = Message::new(incoming)?;
        let (answer, answered) = oneshot::channel();
        let ended = || StoreError::new("the store's writer has ended with its runtime");
        self.requests.send(Request { message, answer }).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?.map_err(|error| StoreError::new(error.to_string()))
    }
}

impl Message {
    fn new(incoming: Incoming<'_>) -> Result<Self, StoreError> {
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

async fn write_all(database: Database, mailbox: i64, mut waiting: mpsc::Receiver<Request>) {
    while let Some(first) = waiting.recv().await {
        let mut bytes = first.message.json.len();
        let mut batch = vec![first];
        while batch.len() < BATCH
            && bytes < BATCH_BYTES
            && let Ok(next) = waiting.try_recv()
        {
            bytes += next.message.json.len();
            batch.push(next);
        }
        let (messages, answers): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|request| (request.message, request.answer)).unzip();
        tell(answers, write(&database, mailbox, &messages).await);
    }
}

/// Whoever does not wait any more is not told.
fn tell(
    answers: Vec<oneshot::Sender<Result<Accepted, Arc<str>>>>,
    written: Result<Vec<Accepted>, StoreError>,
) {
    match written {
        Ok(written) => {
            for (answer, accepted) in answers.into_iter().zip(written) {
                let _ = answer.send(Ok(accepted));
            }
        }
        Err(error) => {
            let text: Arc<str> = match error {
                StoreError::Failed(cause) => cause.to_string().into(),
                fenced @ StoreError::Fenced => fenced.to_string().into(),
            };
            for answer in answers {
                let _ = answer.send(Err(Arc::clone(&text)));
            }
        }
    }
}

/// What became of each message.
async fn write(database: &Database, mailbox: i64, messages: &[Message]) -> Result<Vec<Accepted>, StoreError> {
    let mut new = insert(database, mailbox, messages).await?;
    let known: Vec<_> =
        messages.iter().filter(|message| message.waits && !new.contains_key(&message.key)).collect();
    if !known.is_empty() {
        new.extend(reopen(database, mailbox, &known).await?);
    }
    // The first of two with one key is the new one.
    let mut accepted = |message: &Message| match new.remove(&message.key) {
        Some(id) => Accepted::New { id },
        None => Accepted::Duplicate,
    };
    Ok(messages.iter().map(&mut accepted).collect())
}

async fn insert(
    database: &Database,
    mailbox: i64,
    messages: &[Message],
) -> Result<HashMap<Key, u64>, StoreError> {
    let of = |field: fn(&Message) -> &[u8]| messages.iter().map(field).collect::<Vec<_>>();
    let keys = of(|message| &message.key);
    let conversations = of(|message| &message.conversation);
    let conversation_channels = of(|message| message.conversation_channel.as_bytes());
    let sender_ids = of(|message| message.sender_id.as_bytes());
    let channels = of(|message| message.channel.as_bytes());
    let message_ids = of(|message| message.message_id.as_bytes());
    let json: Vec<_> = messages.iter().map(|message| message.json.as_str()).collect();
    let waits: Vec<_> = messages.iter().map(|message| message.waits).collect();
    let accepted_at: Vec<_> = messages.iter().map(|message| message.accepted_at).collect();
    let rows = database
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
    Ok(ids(&rows))
}

async fn reopen(
    database: &Database,
    mailbox: i64,
    messages: &[&Message],
) -> Result<HashMap<Key, u64>, StoreError> {
    let keys: Vec<_> = messages.iter().map(|message| &message.key).collect();
    let conversations: Vec<_> = messages.iter().map(|message| &message.conversation).collect();
    let json: Vec<_> = messages.iter().map(|message| &message.json).collect();
    let accepted_at: Vec<_> = messages.iter().map(|message| message.accepted_at).collect();
    let rows = database.query(REOPEN, &[&keys, &conversations, &json, &accepted_at, &mailbox]).await?;
    Ok(ids(&rows))
}

fn ids(rows: &[Row]) -> HashMap<Key, u64> {
    rows.iter().map(|row| (row.get(0), row.get::<_, i64>(1).cast_unsigned())).collect()
}
