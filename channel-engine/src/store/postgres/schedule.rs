//! What is to happen later.

use std::time::SystemTime;

use super::{
    super::{Due, Ripe, Scheduled, StoreError},
    database::{Database, Parameter},
    inbox,
    names::{self, Key},
};
use crate::Conversation;

/// So much comes due at once; the rest when it is asked for again.
const BITE: i64 = 1000;

pub(super) const INSERT: &str = "INSERT INTO channel_scheduled \
    (id, conversation, conversation_channel, sender_id, due, channel, key, message_id, recipient, content) \
    SELECT nextval('channel_scheduled_ids'), $1, $2, $3, given.* FROM ( \
        SELECT due, channel, key, message_id, recipient, content \
        FROM unnest($4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[], $9::text[]) WITH ORDINALITY \
            AS given (due, channel, key, message_id, recipient, content, place) ORDER BY place) AS given";

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

/// What a step schedules, as it is written.
pub(super) struct Later {
    conversation_channel: Vec<u8>,
    sender_id: Vec<u8>,
    due: Vec<i64>,
    channels: Vec<Vec<u8>>,
    keys: Vec<Option<Key>>,
    message_ids: Vec<Option<Vec<u8>>>,
    recipients: Vec<Option<String>>,
    contents: Vec<String>,
}

impl Later {
    pub(super) fn new(conversation: &Conversation, schedule: &[Scheduled]) -> Result<Self, StoreError> {
        let mut later = Self {
            conversation_channel: conversation.channel.as_bytes().to_vec(),
            sender_id: conversation.sender_id.as_bytes().to_vec(),
            due: schedule.iter().map(|scheduled| names::micros(scheduled.due)).collect(),
            channels: schedule.iter().map(|scheduled| scheduled.channel.as_bytes().to_vec()).collect(),
            keys: Vec::new(),
            message_ids: Vec::new(),
            recipients: Vec::new(),
            contents: Vec::new(),
        };
        for scheduled in schedule {
            let message = match &scheduled.what {
                Due::Message(message) => Some(message),
                Due::Reply(..) => None,
            };
            later.keys.push(message.map(|message| names::hash(&scheduled.channel, &message.message_id)));
            later.message_ids.push(message.map(|message| message.message_id.as_bytes().to_vec()));
            let (recipient, content) = match &scheduled.what {
                Due::Message(message) => (None, names::json(message)?),
                Due::Reply(to, reply) => (Some(names::json(to)?), names::json(reply)?),
            };
            later.recipients.push(recipient);
            later.contents.push(content);
        }
        Ok(later)
    }

    /// When the first of it is due.
    pub(super) fn soonest(&self) -> Option<i64> {
        self.due.iter().copied().min()
    }

    pub(super) fn parameters<'a>(&'a self, conversation: &'a Key) -> [Parameter<'a>; 9] {
        let Self { conversation_channel, sender_id, due, channels, keys, message_ids, recipients, contents } =
            self;
        [
            conversation,
            conversation_channel,
            sender_id,
            due,
            channels,
            keys,
            message_ids,
            recipients,
            contents,
        ]
    }
}

pub(super) async fn ripen(database: &Database, now: SystemTime) -> Result<Ripe, StoreError> {
    let rows = database.query(RIPEN, &[&names::micros(now), &BITE]).await?;
    let conversations = rows.iter().map(inbox::conversation).collect();
    let next = database.query("SELECT due FROM channel_scheduled ORDER BY due LIMIT 1", &[]).await?;
    Ok(Ripe { conversations, next: next.first().map(|row| names::time(row.get(0))) })
}
