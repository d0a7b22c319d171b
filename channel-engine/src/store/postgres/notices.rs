//! What servers tell each other: a letter and a number or hash, as names may be longer than what a note carries.

use std::fmt::Write as _;

use tokio_postgres::Client;

use super::{
    super::{MessageKey, Notice},
    names::{Key, text, time},
};
use crate::Conversation;

/// What a server tells itself, to see whether it hears.
pub(super) const TEST: &str = "t";

/// What is told of the message of this key: its turn is over.
pub(super) fn over(key: &Key) -> String {
    note('o', key)
}

/// What is told of the conversation of this key: it is wanted.
pub(super) fn wanted(key: &Key) -> String {
    note('w', key)
}

/// Something is due at this time.
pub(super) fn scheduled(micros: i64) -> String {
    format!("s{micros}")
}

fn note(kind: char, key: &Key) -> String {
    let mut note = String::with_capacity(1 + 2 * key.len());
    note.push(kind);
    for byte in key {
        // Writing to a string does not fail.
        let _ = write!(note, "{byte:02x}");
    }
    note
}

/// What a note says; nothing where what it is about is gone, or where it says nothing that this version knows.
pub(super) async fn read(note: &str, client: &Client) -> Result<Option<Notice>, tokio_postgres::Error> {
    let Some((kind, rest)) = note.split_at_checked(1) else { return Ok(None) };
    Ok(match kind {
        "o" => {
            let sql = "SELECT channel, message_id FROM channel_inbox WHERE key = decode($1, 'hex')";
            let row = client.query_opt(sql, &[&rest]).await?;
            row.map(|row| Notice::Over(MessageKey::new(text(row.get(0)), text(row.get(1)))))
        }
        "w" => {
            let sql = "SELECT channel, sender_id FROM channel_conversations WHERE key = decode($1, 'hex')";
            let row = client.query_opt(sql, &[&rest]).await?;
            row.map(|row| Notice::Wanted(Conversation::new(text(row.get(0)), text(row.get(1)))))
        }
        "s" => rest.parse().ok().map(|micros| Notice::Scheduled(time(micros))),
        _ => None,
    })
}
