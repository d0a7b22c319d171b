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
    sent: Which<'a>,
    retried: Retried<'a>,
    dead: Dead<'a>,
}

/// Conversations and numbers.
type Which<'a> = (Vec<&'a Key>, Vec<i64>);

#[derive(Default)]
struct Retried<'a> {
    which: Which<'a>,
    at: Vec<i64>,
    errors: Vec<&'a [u8]>,
    rests: Vec<Option<&'a str>>,
}

#[derive(Default)]
struct Dead<'a> {
    which: Which<'a>,
    errors: Vec<&'a [u8]>,
    outcomes: Vec<&'a [u8]>,
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
        let which = match what {
            Became::Sent => &mut self.sent,
            Became::Retry { at, error, rest } => {
                self.retried.at.push(*at);
                self.retried.errors.push(error);
                self.retried.rests.push(rest.as_deref());
                &mut self.retried.which
            }
            Became::Dead { error, outcome } => {
                self.dead.errors.push(error);
                self.dead.outcomes.push(outcome);
                &mut self.dead.which
            }
        };
        which.0.push(conversation);
        which.1.push(id);
    }

    pub(super) fn statements(&self) -> impl Iterator<Item = Gathered<'_>> {
        let Self { now, sent, retried, dead } = self;
        let retry: [Parameter<'_>; 5] =
            [&retried.which.0, &retried.which.1, &retried.at, &retried.errors, &retried.rests];
        let bury: [Parameter<'_>; 5] = [&dead.which.0, &dead.which.1, &dead.errors, &dead.outcomes, now];
        let statements = [
            for_rows(sent.1.len(), SENT, [&sent.0, &sent.1]),
            for_rows(retried.at.len(), RETRY, retry),
            for_rows(dead.errors.len(), BURY, bury),
        ];
        statements.into_iter().flatten()
    }
}
