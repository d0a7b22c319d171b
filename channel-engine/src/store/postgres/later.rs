//! What steps schedule.

use super::{
    super::{Due, Scheduled, StoreError},
    database::{Gathered, for_rows},
    names::{self, Key},
};
use crate::Conversation;

const INSERT: &str = "INSERT INTO channel_scheduled \
    (id, conversation, conversation_channel, sender_id, due, channel, key, message_id, recipient, content) \
    SELECT nextval('channel_scheduled_ids'), conversation, conversation_channel, sender_id, due, channel, key, \
        message_id, recipient, content \
    FROM (SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bytea[], \
            $7::bytea[], $8::text[], $9::text[]) WITH ORDINALITY \
        AS given (conversation, conversation_channel, sender_id, due, channel, key, message_id, recipient, content, \
            place) \
        ORDER BY place) AS given";

/// What a step schedules, as it is written.
pub(super) struct Later {
    conversation_channel: Vec<u8>,
    sender_id: Vec<u8>,
    rows: Vec<Row>,
}

struct Row {
    due: i64,
    channel: Vec<u8>,
    /// Of a message.
    key: Option<Key>,
    message_id: Option<Vec<u8>>,
    /// Of a reply.
    recipient: Option<String>,
    content: String,
}

impl Later {
    pub(super) fn new(conversation: &Conversation, schedule: &[Scheduled]) -> Result<Self, StoreError> {
        Ok(Self {
            conversation_channel: conversation.channel.as_bytes().to_vec(),
            sender_id: conversation.sender_id.as_bytes().to_vec(),
            rows: schedule.iter().map(Row::new).collect::<Result<_, _>>()?,
        })
    }

    /// About how large it is, in bytes.
    pub(super) fn size(&self) -> usize {
        self.rows.iter().map(|row| row.content.len()).sum()
    }
}

impl Row {
    fn new(scheduled: &Scheduled) -> Result<Self, StoreError> {
        let message = match &scheduled.what {
            Due::Message(message) => Some(message),
            Due::Reply(..) => None,
        };
        let (recipient, content) = match &scheduled.what {
            Due::Message(message) => (None, names::json(message)?),
            Due::Reply(to, reply) => (Some(names::json(to)?), names::json(reply)?),
        };
        Ok(Self {
            due: names::micros(scheduled.due),
            channel: scheduled.channel.as_bytes().to_vec(),
            key: message.map(|message| names::hash(&scheduled.channel, &message.message_id)),
            message_id: message.map(|message| message.message_id.as_bytes().to_vec()),
            recipient,
            content,
        })
    }
}

/// What steps of several conversations schedule, by columns.
#[derive(Default)]
pub(super) struct LaterColumns<'a> {
    conversations: Vec<&'a Key>,
    conversation_channels: Vec<&'a [u8]>,
    sender_ids: Vec<&'a [u8]>,
    due: Vec<i64>,
    channels: Vec<&'a [u8]>,
    keys: Vec<Option<&'a Key>>,
    message_ids: Vec<Option<&'a [u8]>>,
    recipients: Vec<Option<&'a str>>,
    contents: Vec<&'a str>,
}

impl<'a> LaterColumns<'a> {
    pub(super) fn add(&mut self, conversation: &'a Key, later: &'a Later) {
        for row in &later.rows {
            self.conversations.push(conversation);
            self.conversation_channels.push(&later.conversation_channel);
            self.sender_ids.push(&later.sender_id);
            self.due.push(row.due);
            self.channels.push(&row.channel);
            self.keys.push(row.key.as_ref());
            self.message_ids.push(row.message_id.as_deref());
            self.recipients.push(row.recipient.as_deref());
            self.contents.push(&row.content);
        }
    }

    /// When the first of it is due.
    pub(super) fn soonest(&self) -> Option<i64> {
        self.due.iter().copied().min()
    }

    pub(super) fn statement(&self) -> Option<Gathered<'_>> {
        for_rows(
            self.due.len(),
            INSERT,
            [
                &self.conversations,
                &self.conversation_channels,
                &self.sender_ids,
                &self.due,
                &self.channels,
                &self.keys,
                &self.message_ids,
                &self.recipients,
                &self.contents,
            ],
        )
    }
}
