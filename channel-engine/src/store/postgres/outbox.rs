//! Replies, until they are sent.

use std::time::SystemTime;

use channel_core::BotMessage;

use super::{
    super::{Outgoing, Outward, Settlement, StoreError},
    database::{Database, Parameter, Statement},
    fence::Held,
    inbox::count,
    names::{self, Key},
    server::Server,
};
use crate::Conversation;

pub(super) const INSERT: &str = "INSERT INTO channel_outbox \
    (id, conversation, conversation_channel, sender_id, channel, recipient, reply, cause, step, since) \
    SELECT nextval('channel_outbox_ids'), $1, $2, $3, $4, $5, given.reply, $7, $8, $9 FROM ( \
        SELECT reply FROM unnest($6::text[]) WITH ORDINALITY AS given (reply, place) ORDER BY place) AS given \
    RETURNING id";

/// The replies of a step of a message's turn.
pub(super) const OF_STEP: &str = "SELECT id FROM channel_outbox \
    WHERE conversation = $1 AND cause = $2 AND step = $3 AND died_at IS NULL ORDER BY id";

const SENT: &str = "DELETE FROM channel_outbox WHERE conversation = $1 AND id = $2 AND died_at IS NULL";

const RETRY: &str = "UPDATE channel_outbox SET attempts = attempts + 1, retry_at = $3, error = $4, \
    reply = COALESCE($5, reply) WHERE conversation = $1 AND id = $2 AND died_at IS NULL";

const BURY: &str = "UPDATE channel_outbox SET attempts = attempts + 1, died_at = $3, error = $4, outcome = $5 \
    WHERE conversation = $1 AND id = $2 AND died_at IS NULL";

/// Replies of one step, as they are written.
#[derive(Default)]
pub(super) struct Replies {
    conversation_channel: Vec<u8>,
    sender_id: Vec<u8>,
    channel: Vec<u8>,
    recipient: String,
    replies: Vec<String>,
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
            replies: replies.iter().map(names::json).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.replies.is_empty()
    }

    pub(super) fn parameters<'a>(
        &'a self,
        conversation: &'a Key,
        cause: &'a Option<Key>,
        step: &'a i64,
        now: &'a i64,
    ) -> [Parameter<'a>; 9] {
        let Self { conversation_channel, sender_id, channel, recipient, replies } = self;
        [conversation, conversation_channel, sender_id, channel, recipient, replies, cause, step, now]
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

pub(super) async fn settle(
    database: &Database,
    server: &Server,
    conversation: &Conversation,
    lease: u64,
    id: u64,
    settlement: Settlement<'_>,
) -> Result<(), StoreError> {
    let key = names::of_conversation(conversation);
    // No reply has a number that is beyond those of the database.
    let id = i64::try_from(id).unwrap_or(-1);
    let rest = match settlement {
        Settlement::Retry { rest: Some(rest), .. } => Some(names::json(rest)?),
        _ => None,
    };
    let held = Held::begin(database, server, &key, lease, &[]).await?;
    let now = names::micros(SystemTime::now());
    let change: Statement<'_> = match settlement {
        Settlement::Sent => (SENT, &[&key, &id]),
        Settlement::Retry { at, error, .. } => {
            (RETRY, &[&key, &id, &names::micros(at), &error.as_bytes(), &rest])
        }
        Settlement::Dead { outcome, error } => {
            (BURY, &[&key, &id, &now, &error.as_bytes(), &outcome.as_bytes()])
        }
    };
    held.finish(&[change]).await?;
    Ok(())
}
