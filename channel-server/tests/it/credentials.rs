//! `credentials.yml`: what is refused and how it is said, and what is accepted.
//!
//! `fixtures/credentials/NAME.yml` is a broken file and `NAME.txt` what is said about it. After a change on purpose:
//! `UPDATE_EXPECT=1 cargo test -p channel-server credentials`, and read the difference.

mod channels;
mod good;
mod properties;
mod snapshots;

use std::env::VarError;

use channel_server::credentials::{ConfigError, Mount, parse};

/// The variables of all tests.
fn environment(name: &str) -> Result<String, VarError> {
    match name {
        "PORT" => Ok("8080".to_owned()),
        "TOKEN" => Ok("SENTINEL-from-the-environment".to_owned()),
        "TENANT" => Ok("sentinel.tenant".to_owned()),
        "SECRET_KEY" => Ok("SENTINEL-key".to_owned()),
        "EMPTY" => Ok(String::new()),
        "NULL" => Ok("null".to_owned()),
        "BINARY" => Err(VarError::NotUnicode("SENTINEL".into())),
        _ => Err(VarError::NotPresent),
    }
}

fn read(text: &str) -> Result<Vec<Mount>, ConfigError> {
    parse(text, "credentials.yml", &channels::registry(), &environment)
}

/// What is said about the text.
fn said(text: &str) -> String {
    read(text).err().map(|error| error.to_string()).unwrap_or_default()
}
