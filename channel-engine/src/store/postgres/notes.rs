//! What channels remember.

use super::{
    super::StoreError,
    database::Database,
    names::{hash, text},
};

const GET: &str = "SELECT text FROM channel_notes WHERE key = $1";
const SET: &str = "INSERT INTO channel_notes (key, channel, name, text) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (key) DO UPDATE SET text = excluded.text RETURNING 1";

pub(super) async fn get(
    database: &Database,
    channel: &str,
    name: &str,
) -> Result<Option<String>, StoreError> {
    let row = database.query(GET, &[&hash(channel, name)]).await?.pop();
    Ok(row.map(|row| text(row.get(0)).to_string()))
}

pub(super) async fn set(
    database: &Database,
    channel: &str,
    name: &str,
    said: &str,
) -> Result<(), StoreError> {
    let key = hash(channel, name);
    database.query(SET, &[&key, &channel.as_bytes(), &name.as_bytes(), &said.as_bytes()]).await.map(drop)
}
