//! Which server holds which conversation.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};

use super::{
    super::StoreError,
    batch::{Desk, Item, Outcome, Writer},
    database::{BEGIN, COMMIT, Database, Parameter, Statement},
    inbox,
    names::{self, Key},
    notices,
    server::Server,
};
use crate::Conversation;

/// A lease that a crash of the database forgets was no lease: nothing can be written with it.
const NOT_DURABLE: Statement<'static> = ("SET LOCAL synchronous_commit = off", &[]);

/// Takes what is free, one's own, or held by the dead. In the order of their keys: two transactions wait for each other, never
/// in a circle.
const TAKE: &str = "INSERT INTO channel_conversations AS conversation (key, channel, sender_id, holder, lease) \
    SELECT key, channel, sender_id, $4, nextval('channel_leases') FROM ( \
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) AS given (key, channel, sender_id) \
        ORDER BY key) AS given \
    ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, lease = nextval('channel_leases') \
    WHERE conversation.holder IS NULL OR conversation.holder = excluded.holder OR NOT EXISTS ( \
        SELECT 1 FROM channel_servers WHERE id = conversation.holder \
            AND seen > clock_timestamp() - $5::float8 * interval '1 second') \
    RETURNING key, lease";

const HOLDS: &str = "SELECT 1 FROM channel_conversations WHERE key = $1 AND holder = $2 AND lease = $3";

const HOLDER: &str = "SELECT mailbox FROM channel_conversations \
    JOIN channel_servers ON channel_servers.id = channel_conversations.holder WHERE key = $1";

/// Those that are held under these numbers.
const LOCK: &str = "SELECT held.key FROM channel_conversations AS held \
    JOIN unnest($1::bytea[], $2::bigint[]) AS given (key, lease) ON held.key = given.key AND held.lease = given.lease \
    WHERE holder = $3 ORDER BY held.key FOR UPDATE OF held";

/// The row of a conversation without events says nothing but who holds it.
const FORGET: &str = "DELETE FROM channel_conversations AS held \
    USING unnest($1::bytea[], $2::bigint[]) AS given (key, lease) \
    WHERE held.key = given.key AND held.lease = given.lease AND holder = $3 AND NOT has_begun";

const GIVE_BACK: &str = "UPDATE channel_conversations AS held SET holder = NULL \
    FROM unnest($1::bytea[], $2::bigint[]) AS given (key, lease) \
    WHERE held.key = given.key AND held.lease = given.lease AND holder = $3";

const ARE_LEFT: &str = "SELECT key FROM unnest($1::bytea[]) AS given (key) WHERE \
    EXISTS (SELECT 1 FROM channel_inbox WHERE conversation = given.key AND state = 0) \
    OR EXISTS (SELECT 1 FROM channel_outbox WHERE conversation = given.key AND died_at IS NULL)";

/// Costs what the backlog does, not what is remembered.
const WORK: &str = "WITH work AS ( \
        SELECT conversation, conversation_channel, sender_id FROM channel_inbox WHERE state = 0 \
        UNION SELECT conversation, conversation_channel, sender_id FROM channel_outbox WHERE died_at IS NULL) \
    SELECT conversation_channel, work.sender_id FROM work \
    LEFT JOIN channel_conversations AS held ON held.key = work.conversation \
    LEFT JOIN channel_servers AS server \
        ON server.id = held.holder AND server.seen > clock_timestamp() - $1::float8 * interval '1 second' \
    WHERE server.id IS NULL AND ($2::bytea IS NULL OR (conversation_channel, work.sender_id) > ($2, $3::bytea)) \
    ORDER BY conversation_channel, work.sender_id LIMIT $4";

/// A conversation that is to be taken.
pub(super) struct Taking {
    key: Key,
    channel: Arc<str>,
    sender_id: Arc<str>,
}

impl Item for Taking {
    /// The number of the lease; `None` where another server holds it.
    type Answer = Option<u64>;

    const IS_REPEATABLE: bool = true;

    fn apart(&self) -> Option<&Key> {
        Some(&self.key)
    }

    async fn write(desk: &Desk, all: &[Self]) -> Outcome<Vec<Outcome<Option<u64>>>> {
        let holder = desk.server.living()?;
        let keys: Vec<_> = all.iter().map(|taking| &taking.key).collect();
        let channels: Vec<_> = all.iter().map(|taking| taking.channel.as_bytes()).collect();
        let sender_ids: Vec<_> = all.iter().map(|taking| taking.sender_id.as_bytes()).collect();
        let dead_after = desk.server.dead_after_seconds();
        let take: Statement<'_> = (TAKE, &[&keys, &channels, &sender_ids, &holder, &dead_after]);
        let answers = desk.database.lend().await?.run(&[BEGIN, NOT_DURABLE, take, COMMIT]).await?;
        let taken: HashMap<Key, i64> = answers[2].iter().map(|row| (row.get(0), row.get(1))).collect();
        Ok(keys.iter().map(|key| Ok(taken.get(*key).copied().map(i64::cast_unsigned))).collect())
    }
}

pub(super) async fn lease(
    takings: &Writer<Taking>,
    desk: &Desk,
    conversation: &Conversation,
) -> Result<Option<u64>, StoreError> {
    let key = names::of_conversation(conversation);
    let Conversation { channel, sender_id } = conversation;
    let take = || {
        let (key, channel, sender_id) = (key.clone(), Arc::clone(channel), Arc::clone(sender_id));
        takings.write(Taking { key, channel, sender_id })
    };
    if let Some(lease) = take().await? {
        return Ok(Some(lease));
    }
    let holder = desk.database.query(HOLDER, &[&key]).await?;
    let Some(mailbox) = holder.first().map(|row| row.get::<_, i64>(0)) else {
        // Given back in between.
        return take().await;
    };
    if desk.server.can_notify {
        let note = notices::wanted(&key);
        desk.database.query("SELECT pg_notify('channel_' || $1::bigint, $2)", &[&mailbox, &note]).await?;
    }
    Ok(None)
}

/// A conversation that is to be given back.
pub(super) struct Return {
    key: Key,
    lease: i64,
}

impl Item for Return {
    /// Whether something was left in it by another server.
    type Answer = bool;

    const IS_REPEATABLE: bool = true;

    fn apart(&self) -> Option<&Key> {
        Some(&self.key)
    }

    /// Gives back, then looks: what another server has left before it saw that a conversation is free is seen here.
    async fn write(desk: &Desk, all: &[Self]) -> Outcome<Vec<Outcome<bool>>> {
        let Some(holder) = desk.server.id() else { return Ok(all.iter().map(|_| Ok(false)).collect()) };
        let keys: Vec<_> = all.iter().map(|given| &given.key).collect();
        let leases: Vec<_> = all.iter().map(|given| given.lease).collect();
        let which: [Parameter<'_>; 3] = [&keys, &leases, &holder];
        let look: Statement<'_> = (ARE_LEFT, &[&keys]);
        let statements =
            [BEGIN, NOT_DURABLE, (LOCK, &which), (FORGET, &which), (GIVE_BACK, &which), COMMIT, look];
        let answers = desk.database.lend().await?.run(&statements).await?;
        let were_held: HashSet<Key> = answers[2].iter().map(|row| row.get(0)).collect();
        let are_left: HashSet<Key> = answers[6].iter().map(|row| row.get(0)).collect();
        Ok(keys.iter().map(|key| Ok(were_held.contains(*key) && are_left.contains(*key))).collect())
    }
}

/// Only after the heartbeat's connection broke or came too late is the database asked: it may have crashed and forgotten the
/// lease, or have heard nothing for so long that others took over.
pub(super) async fn holds(
    desk: &Desk,
    conversation: &Conversation,
    lease: u64,
    taken: Instant,
) -> Result<bool, StoreError> {
    if desk.server.is_certain_since(taken) {
        return Ok(true);
    }
    let (Some(holder), Ok(lease)) = (desk.server.id(), i64::try_from(lease)) else { return Ok(false) };
    let key = names::of_conversation(conversation);
    Ok(!desk.database.query(HOLDS, &[&key, &holder, &lease]).await?.is_empty())
}

pub(super) async fn release(
    returns: &Writer<Return>,
    conversation: &Conversation,
    lease: u64,
) -> Result<bool, StoreError> {
    let Ok(lease) = i64::try_from(lease) else { return Ok(false) };
    returns.write(Return { key: names::of_conversation(conversation), lease }).await
}

pub(super) async fn work(
    database: &Database,
    server: &Server,
    after: Option<&Conversation>,
    limit: usize,
) -> Result<Vec<Conversation>, StoreError> {
    let channel = after.map(|after| after.channel.as_bytes());
    let sender_id = after.map(|after| after.sender_id.as_bytes());
    let parameters: [Parameter<'_>; 4] =
        [&server.dead_after_seconds(), &channel, &sender_id, &names::number(limit)];
    let rows = database.query(WORK, &parameters).await?;
    Ok(rows.iter().map(inbox::conversation).collect())
}
