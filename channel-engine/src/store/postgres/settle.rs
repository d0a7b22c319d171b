//! What became of replies.

use super::{
    super::{Settlement, StoreError},
    batch::Writer,
    change::{Change, What},
    database::{Gathered, Parameter, for_rows},
    names::{self, Key},
};
use crate::Conversation;

const SENT: &str = "DELETE FROM channel_outbox \
    USING unnest($1::bytea[], $2::bigint[]) AS given (conversation, id) \
    WHERE channel_outbox.id = given.id AND channel_outbox.conversation = given.conversation AND died_at IS NULL";

const RETRY: &str = "UPDATE channel_outbox SET attempts = attempts + 1, retry_at = given.retry_at, \
        error = given.error, reply = COALESCE(given.rest, reply) \
    FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[]) \
        AS given (conversation, id, retry_at, error, rest) \
    WHERE channel_outbox.id = given.id AND channel_outbox.conversation = given.conversation AND died_at IS NULL";

const BURY: &str = "UPDATE channel_outbox SET attempts = attempts + 1, died_at = $5, \
        error = given.error, outcome = given.outcome \
    FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bytea[]) AS given (conversation, id, error, outcome) \
    WHERE channel_outbox.id = given.id AND channel_outbox.conversation = given.conversation AND died_at IS NULL";

/// What became of a reply, as it is written.
pub(super) struct Settled {
    id: i64,
    what: Became,
}

enum Became {
    Sent,
    Retry { at: i64, error: Vec<u8>, rest: Option<String> },
    Dead { error: Vec<u8>, outcome: Vec<u8> },
}

pub(super) async fn settle(
    changes: &Writer<Change>,
    conversation: &Conversation,
    lease: u64,
    id: u64,
    settlement: Settlement<'_>,
) -> Result<(), StoreError> {
    let settled = Settled::new(id, settlement)?;
    let conversation = names::of_conversation(conversation);
    changes.write(Change { conversation, lease, what: What::Settlement(settled) }).await?;
    Ok(())
}

impl Settled {
    fn new(id: u64, settlement: Settlement<'_>) -> Result<Self, StoreError> {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let what = match settlement {
            Settlement::Sent => Became::Sent,
            Settlement::Retry { at, error, rest } => Became::Retry {
                at: names::micros(at),
                error: bytes(error),
                rest: rest.map(names::json).transpose()?,
            },
            Settlement::Dead { outcome, error } => {
                Became::Dead { error: bytes(error), outcome: bytes(outcome) }
            }
        };
        // No reply has a number that is beyond those of the database.
        Ok(Self { id: i64::try_from(id).unwrap_or(-1), what })
    }

    /// About how large it is, in bytes.
    pub(super) fn size(&self) -> usize {
        match &self.what {
            Became::Sent => 0,
            Became::Retry { error, rest, .. } => error.len() + rest.as_ref().map_or(0, String::len),
            Became::Dead { error, .. } => error.len(),
        }
    }
}

/// What became of several replies, by columns.
#[derive(Default)]
pub(super) struct Settlements<'a> {
    now: i64,
    sent: (Vec<&'a Key>, Vec<i64>),
    retried: (Vec<&'a Key>, Vec<i64>, Vec<i64>, Vec<&'a [u8]>, Vec<Option<&'a str>>),
    dead: (Vec<&'a Key>, Vec<i64>, Vec<&'a [u8]>, Vec<&'a [u8]>),
}

impl<'a> Settlements<'a> {
    pub(super) fn new(settled: &[(&'a Key, &'a Settled)], now: i64) -> Self {
        let mut settlements = Self { now, ..Self::default() };
        for (conversation, Settled { id, what }) in settled {
            settlements.add(conversation, *id, what);
        }
        settlements
    }

    fn add(&mut self, conversation: &'a Key, id: i64, what: &'a Became) {
        let Self { sent, retried, dead, .. } = self;
        match what {
            Became::Sent => {
                sent.0.push(conversation);
                sent.1.push(id);
            }
            Became::Retry { at, error, rest } => {
                retried.0.push(conversation);
                retried.1.push(id);
                retried.2.push(*at);
                retried.3.push(error);
                retried.4.push(rest.as_deref());
            }
            Became::Dead { error, outcome } => {
                dead.0.push(conversation);
                dead.1.push(id);
                dead.2.push(error);
                dead.3.push(outcome);
            }
        }
    }

    pub(super) fn statements(&self) -> impl Iterator<Item = Gathered<'_>> {
        let Self { now, sent, retried, dead } = self;
        let retry: [Parameter<'_>; 5] = [&retried.0, &retried.1, &retried.2, &retried.3, &retried.4];
        let statements = [
            for_rows(sent.0.len(), SENT, [&sent.0, &sent.1]),
            for_rows(retried.0.len(), RETRY, retry),
            for_rows(dead.0.len(), BURY, [&dead.0, &dead.1, &dead.2, &dead.3, now]),
        ];
        statements.into_iter().flatten()
    }
}
