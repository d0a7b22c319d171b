//! Replies that are to be sent.

use channel_core::BotMessage;

use super::{
    super::{Outgoing, Outward, StoreError},
    commit::Written,
    database::{Database, Gathered, for_rows},
    inbox::count,
    names::{self, Key},
};
use crate::Conversation;

const INSERT: &str = "INSERT INTO channel_outbox \
    (id, conversation, conversation_channel, sender_id, channel, recipient, reply, cause, step, since) \
    SELECT nextval('channel_outbox_ids'), conversation, conversation_channel, sender_id, channel, recipient, reply, \
        cause, step, $9 \
    FROM (SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], \
            $7::bytea[], $8::bigint[]) WITH ORDINALITY \
        AS given (conversation, conversation_channel, sender_id, channel, recipient, reply, cause, step, place) \
        ORDER BY place) AS given \
    RETURNING conversation, id";

const OF_STEPS: &str = "SELECT channel_outbox.conversation, id FROM channel_outbox \
    JOIN unnest($1::bytea[], $2::bytea[], $3::bigint[]) AS given (conversation, cause, step) \
        ON channel_outbox.conversation = given.conversation AND channel_outbox.cause = given.cause \
        AND channel_outbox.step = given.step \
    WHERE died_at IS NULL";

/// Replies of one step, as they are written.
#[derive(Default)]
pub(super) struct Replies {
    conversation_channel: Vec<u8>,
    sender_id: Vec<u8>,
    channel: Vec<u8>,
    recipient: String,
    json: Vec<String>,
}

impl Replies {
    pub(super) fn new(
        conversation: &Conversation,
        outward: Option<Outward<'_>>,
        replies: &[BotMessage],
    ) -> Result<Self, StoreError> {
        let Some(Outward { channel, to }) = outward else { return Ok(Self::default()) };
        Ok(Self {
            conversation_channel: conversation.channel.as_bytes().to_vec(),
            sender_id: conversation.sender_id.as_bytes().to_vec(),
            channel: channel.as_bytes().to_vec(),
            recipient: names::json(to)?,
            json: replies.iter().map(names::json).collect::<Result<_, _>>()?,
        })
    }
}

/// Replies of steps of several conversations, by columns.
#[derive(Default)]
pub(super) struct Columns<'a> {
    conversations: Vec<&'a Key>,
    conversation_channels: Vec<&'a [u8]>,
    sender_ids: Vec<&'a [u8]>,
    channels: Vec<&'a [u8]>,
    recipients: Vec<&'a str>,
    json: Vec<&'a str>,
    causes: Vec<Option<&'a Key>>,
    steps: Vec<i64>,
}

impl<'a> Columns<'a> {
    pub(super) fn add(&mut self, conversation: &'a Key, step: &'a Written) {
        let Replies { conversation_channel, sender_id, channel, recipient, json } = &step.replies;
        for json in json {
            self.conversations.push(conversation);
            self.conversation_channels.push(conversation_channel);
            self.sender_ids.push(sender_id);
            self.channels.push(channel);
            self.recipients.push(recipient);
            self.json.push(json);
            self.causes.push(step.cause.as_ref());
            self.steps.push(step.number);
        }
    }

    /// Writes them, and tells their conversations and numbers.
    pub(super) fn statement(&'a self, now: &'a i64) -> Option<Gathered<'a>> {
        for_rows(
            self.json.len(),
            INSERT,
            [
                &self.conversations,
                &self.conversation_channels,
                &self.sender_ids,
                &self.channels,
                &self.recipients,
                &self.json,
                &self.causes,
                &self.steps,
                now,
            ],
        )
    }
}

/// Steps whose replies are asked for.
#[derive(Default)]
pub(super) struct OfSteps<'a> {
    conversations: Vec<&'a Key>,
    causes: Vec<Option<&'a Key>>,
    numbers: Vec<i64>,
}

impl<'a> OfSteps<'a> {
    pub(super) fn new(steps: &[(&'a Key, &'a Written)]) -> Self {
        Self {
            conversations: steps.iter().map(|(conversation, _)| *conversation).collect(),
            causes: steps.iter().map(|(_, step)| step.cause.as_ref()).collect(),
            numbers: steps.iter().map(|(_, step)| step.number).collect(),
        }
    }

    /// Tells the conversations and numbers of those that are not sent.
    pub(super) fn statement(&self) -> Option<Gathered<'_>> {
        for_rows(self.numbers.len(), OF_STEPS, [&self.conversations, &self.causes, &self.numbers])
    }
}

pub(super) async fn unsent(
    database: &Database,
    conversation: &Conversation,
    limit: usize,
) -> Result<Vec<Outgoing>, StoreError> {
    let sql = "SELECT id, channel, recipient, reply, attempts, retry_at FROM channel_outbox \
        WHERE conversation = $1 AND died_at IS NULL ORDER BY id LIMIT $2";
    let key = names::of_conversation(conversation);
    let rows = database.query(sql, &[&key, &names::number(limit)]).await?;
    let outgoing = rows.iter().map(|row| {
        Ok(Outgoing {
            id: row.get::<_, i64>("id").cast_unsigned(),
            channel: names::text(row.get("channel")),
            to: names::from_json(row.get("recipient"))?,
            reply: names::from_json(row.get("reply"))?,
            attempts: count(row, "attempts"),
            retry_at: row.get::<_, Option<i64>>("retry_at").map(names::time),
        })
    });
    outgoing.collect()
}
