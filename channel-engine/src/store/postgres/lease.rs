//! Which server holds which conversation.

use super::{
    super::StoreError,
    database::{BEGIN, COMMIT, Database, Parameter, Statement},
    inbox,
    names::{self, Key},
    notes,
    server::Server,
};
use crate::Conversation;

/// A lease that a crash of the database forgets was no lease: nothing can be written with it.
const NOT_DURABLE: Statement<'static> = ("SET LOCAL synchronous_commit = off", &[]);

/// Takes what is free, one's own, or held by the dead.
const TAKE: &str = "INSERT INTO channel_conversations AS conversation (key, channel, sender_id, holder, lease) \
    VALUES ($1, $2, $3, $4, nextval('channel_leases')) \
    ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, lease = nextval('channel_leases') \
    WHERE conversation.holder IS NULL OR conversation.holder = excluded.holder OR NOT EXISTS ( \
        SELECT 1 FROM channel_servers WHERE id = conversation.holder \
            AND seen > clock_timestamp() - $5::float8 * interval '1 second') \
    RETURNING lease";

const HOLDER: &str = "SELECT mailbox FROM channel_conversations \
    JOIN channel_servers ON channel_servers.id = channel_conversations.holder WHERE key = $1";

const GIVE_BACK: &str = "UPDATE channel_conversations SET holder = NULL \
    WHERE key = $1 AND holder = $2 AND lease = $3 RETURNING 1";

/// The row of a conversation without events says nothing but who holds it.
const FORGET: &str = "DELETE FROM channel_conversations WHERE key = $1 AND holder IS NULL AND NOT has_begun";

const IS_LEFT: &str = "SELECT EXISTS (SELECT 1 FROM channel_inbox WHERE conversation = $1 AND state = 0) \
    OR EXISTS (SELECT 1 FROM channel_outbox WHERE conversation = $1 AND died_at IS NULL)";

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

pub(super) async fn lease(
    database: &Database,
    server: &Server,
    conversation: &Conversation,
) -> Result<Option<u64>, StoreError> {
    let key = names::of_conversation(conversation);
    if let Some(lease) = take(database, server, conversation, &key).await? {
        return Ok(Some(lease));
    }
    let holder = database.query(HOLDER, &[&key]).await?;
    let Some(mailbox) = holder.first().map(|row| row.get::<_, i64>(0)) else {
        // Given back in between.
        return take(database, server, conversation, &key).await;
    };
    if server.can_notify {
        let note = notes::wanted(&key);
        database.query("SELECT pg_notify('channel_' || $1::bigint, $2)", &[&mailbox, &note]).await?;
    }
    Ok(None)
}

async fn take(
    database: &Database,
    server: &Server,
    conversation: &Conversation,
    key: &Key,
) -> Result<Option<u64>, StoreError> {
    let holder = server.living()?;
    let Conversation { channel, sender_id } = conversation;
    let dead_after = server.dead_after_seconds();
    let take: Statement<'_> =
        (TAKE, &[key, &channel.as_bytes(), &sender_id.as_bytes(), &holder, &dead_after]);
    let answers = database.lend().await?.run(&[BEGIN, NOT_DURABLE, take, COMMIT]).await?;
    Ok(answers[2].first().map(|row| row.get::<_, i64>(0).cast_unsigned()))
}

/// Gives back, then looks: what another server has left before it saw that the conversation is free is seen here.
pub(super) async fn release(
    database: &Database,
    server: &Server,
    conversation: &Conversation,
    lease: u64,
) -> Result<bool, StoreError> {
    let (Some(holder), Ok(lease)) = (server.id(), i64::try_from(lease)) else { return Ok(false) };
    let key = names::of_conversation(conversation);
    let give_back: Statement<'_> = (GIVE_BACK, &[&key, &holder, &lease]);
    let statements = [BEGIN, NOT_DURABLE, give_back, (FORGET, &[&key]), COMMIT, (IS_LEFT, &[&key])];
    let answers = database.lend().await?.run(&statements).await?;
    let was_held = !answers[2].is_empty();
    Ok(was_held && answers[5].first().is_some_and(|row| row.get(0)))
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
