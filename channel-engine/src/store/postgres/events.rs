//! The events of conversations.

use std::{sync::Arc, time::SystemTime};

use channel_core::Event;

use super::{
    super::StoreError,
    database::{Database, Statement},
    fence::Held,
    names,
    server::Server,
};
use crate::Conversation;

const FORGET: &str = "DELETE FROM channel_events WHERE conversation = $1";

const CLEARED: &str =
    "UPDATE channel_conversations SET has_begun = false WHERE key = $1 AND has_begun RETURNING 1";

const REPLACED: &str = "UPDATE channel_conversations \
    SET has_begun = true, next_step = next_step + 1, changed_at = $2, changed_hour = $3 WHERE key = $1";

const INSERT: &str = "INSERT INTO channel_events (conversation, step, event_lines) VALUES ($1, $2, $3)";

pub(super) async fn load(
    database: &Database,
    conversation: &Conversation,
) -> Result<Option<Vec<Event>>, StoreError> {
    let sql = "SELECT events.event_lines FROM channel_conversations \
        LEFT JOIN channel_events AS events ON events.conversation = channel_conversations.key \
        WHERE channel_conversations.key = $1 AND has_begun ORDER BY events.step";
    let rows = database.query(sql, &[&names::of_conversation(conversation)]).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut events = Vec::new();
    for row in &rows {
        events.extend(names::from_lines(row.get::<_, Option<&str>>(0).unwrap_or_default())?);
    }
    Ok(Some(events))
}

pub(super) async fn find(database: &Database, sender_id: &str) -> Result<Vec<Conversation>, StoreError> {
    let sql = "SELECT channel FROM channel_conversations \
        WHERE substr(sender_id, 1, 255) = substr($1::bytea, 1, 255) AND sender_id = $1 AND has_begun ORDER BY channel";
    let rows = database.query(sql, &[&sender_id.as_bytes()]).await?;
    let sender_id: Arc<str> = sender_id.into();
    Ok(rows.iter().map(|row| Conversation::new(names::text(row.get(0)), Arc::clone(&sender_id))).collect())
}

pub(super) async fn replace(
    database: &Database,
    server: &Server,
    conversation: &Conversation,
    lease: u64,
    events: &[Arc<Event>],
) -> Result<(), StoreError> {
    let key = names::of_conversation(conversation);
    let lines = names::lines(events.iter().map(AsRef::<Event>::as_ref))?;
    let now = names::micros(SystemTime::now());
    let held = Held::begin(database, server, &key, lease, &[]).await?;
    let step = held.next_step;
    let statements: [Statement<'_>; 3] =
        [(FORGET, &[&key]), (INSERT, &[&key, &step, &lines]), (REPLACED, &[&key, &now, &names::hour(now)])];
    held.finish(&statements).await?;
    Ok(())
}

pub(super) async fn remove(
    database: &Database,
    server: &Server,
    conversation: &Conversation,
    lease: u64,
) -> Result<bool, StoreError> {
    let key = names::of_conversation(conversation);
    let held = Held::begin(database, server, &key, lease, &[]).await?;
    let answers = held.finish(&[(CLEARED, &[&key]), (FORGET, &[&key])]).await?;
    Ok(!answers[0].is_empty())
}
