//! What is to happen later.

use std::{collections::BTreeSet, sync::Arc};

use rusqlite::{Connection, Row, params};

use super::{
    super::{Accepted, Due, MessageKey, Ripe, Scheduled, StoreError},
    columns::{Number, Time, json},
    conversations::{self, named},
    inbox,
    outbox::{self, Route},
};
use crate::Conversation;

/// So much ripens at once: what is left is due at once.
const BITE: u64 = 1_000;

const PUSH: &str = "INSERT INTO schedule (due, conversation, channel, message_id, recipient, content)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const DUE: &str = "SELECT schedule.id, through.name, conversation.sender_id, conversation.id, channel.name,
        schedule.message_id, schedule.recipient, schedule.content
    FROM schedule
    JOIN channel ON channel.id = schedule.channel
    JOIN conversation ON conversation.id = schedule.conversation
    JOIN channel AS through ON through.id = conversation.channel
    WHERE schedule.due <= ?1 ORDER BY schedule.due, schedule.id LIMIT ?2";
const TAKE: &str = "DELETE FROM schedule WHERE id = ?1";
const NEXT: &str = "SELECT min(due) FROM schedule";

/// Something scheduled, as it is kept.
pub(super) struct Entry {
    due: Time,
    channel: Arc<str>,
    what: What,
}

enum What {
    Message { message_id: Arc<str>, message: String },
    Reply { recipient: String, reply: String },
}

impl Entry {
    pub(super) fn new(Scheduled { due, channel, what }: &Scheduled) -> Result<Self, StoreError> {
        let what = match what {
            Due::Message(message) => {
                What::Message { message_id: message.message_id.as_str().into(), message: json(message)? }
            }
            Due::Reply(to, reply) => What::Reply { recipient: json(to)?, reply: json(reply)? },
        };
        Ok(Self { due: Time(*due), channel: Arc::clone(channel), what })
    }
}

pub(super) fn push(connection: &Connection, conversation: i64, entry: &Entry) -> rusqlite::Result<()> {
    let channel = conversations::channel(connection, &entry.channel)?;
    let (message_id, recipient, content) = match &entry.what {
        What::Message { message_id, message } => (Some(message_id), None, message),
        What::Reply { recipient, reply } => (None, Some(recipient), reply),
    };
    let mut insert = connection.prepare_cached(PUSH)?;
    insert.execute(params![entry.due, conversation, channel, message_id, recipient, content]).map(drop)
}

/// Something whose time has come.
struct RipeEntry {
    id: i64,
    conversation: Conversation,
    conversation_id: i64,
    entry: Entry,
}

pub(super) fn ripen(connection: &Connection, due: Time, now: Time) -> rusqlite::Result<Ripe> {
    let mut select = connection.prepare_cached(DUE)?;
    let ripe: Vec<_> = select.query_map(params![due, Number(BITE)], ripe)?.collect::<Result<_, _>>()?;
    let mut conversations = BTreeSet::new();
    for RipeEntry { id, conversation, conversation_id, entry } in ripe {
        connection.prepare_cached(TAKE)?.execute([id])?;
        if enqueue(connection, conversation_id, entry, now)? {
            conversations.insert(conversation);
        }
    }
    let next = connection.prepare_cached(NEXT)?.query_row([], |row| row.get::<_, Option<Time>>(0))?;
    Ok(Ripe { conversations: conversations.into_iter().collect(), next: next.map(|time| time.0) })
}

/// Puts what has come due at the end of what there is to do; not a message whose id is known.
fn enqueue(
    connection: &Connection,
    conversation: i64,
    Entry { channel, what, .. }: Entry,
    now: Time,
) -> rusqlite::Result<bool> {
    match what {
        What::Message { message_id, message } => {
            let incoming = inbox::Incoming { key: MessageKey { channel, message_id }, message, waits: false };
            let accepted = inbox::accept(connection, conversation, &incoming, now)?;
            Ok(accepted != Accepted::Duplicate)
        }
        What::Reply { recipient, reply } => {
            outbox::push(connection, conversation, &Route { channel, recipient }, &[reply], now)?;
            Ok(true)
        }
    }
}

fn ripe(row: &Row<'_>) -> rusqlite::Result<RipeEntry> {
    let content = row.get(7)?;
    let what = match row.get(5)? {
        Some(message_id) => What::Message { message_id, message: content },
        None => What::Reply { recipient: row.get(6)?, reply: content },
    };
    let entry = Entry { due: Time::now(), channel: row.get(4)?, what };
    Ok(RipeEntry { id: row.get(0)?, conversation: named(row, 1)?, conversation_id: row.get(3)?, entry })
}
