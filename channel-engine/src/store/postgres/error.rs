//! What can go wrong, in words that help.

use std::error::Error;

use tokio_postgres::error::SqlState;

use super::super::StoreError;

/// A database can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// The text is left out: it may hold the password.
    #[error(
        "the address of the database can't be understood: write `postgres://user:password@host:5432/database`, with \
         special characters of the password percent-encoded, and `sslmode` one of disable, prefer, require, verify-full"
    )]
    Address,
    #[error(
        "the database at {at} can't be reached: {why}; check that it runs there and lets this machine in"
    )]
    Unreachable { at: String, why: String },
    #[error("TLS with the database at {at} failed: {why}; trust its certificate, or set `sslmode=disable`")]
    Tls { at: String, why: String },
    #[error("the database at {at} refused the user or the password: {why}")]
    Refused { at: String, why: String },
    #[error(
        "the user `{user}` lacks a right in schema `{schema}`: {why}; grant it, or let its owner start a server once"
    )]
    Rights { user: String, schema: String, why: String },
    #[error(
        "schema `{schema}` has version {found}, and this program knows versions up to {known}: run the newer program, or \
         use another schema"
    )]
    Newer { schema: String, found: i32, known: usize },
    #[error("the database did not answer within {0} ms")]
    Silent(u128),
    #[error("the database failed: {0}")]
    Failed(String),
    #[error(
        "this server could not reach the database for so long that others may have taken over its conversations"
    )]
    Dead,
}

impl From<Problem> for StoreError {
    fn from(problem: Problem) -> Self {
        Self::new(problem)
    }
}

pub(super) fn failed(error: &tokio_postgres::Error) -> StoreError {
    Problem::Failed(why(error)).into()
}

/// The whole chain of causes. A database's details are left out: they show what was being written.
pub(super) fn why(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} (SQLSTATE {})", error.message(), error.code().code());
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Why there is no connection.
pub(super) fn unconnected(error: &tokio_postgres::Error, at: String) -> Problem {
    let why = why(error);
    let is_refusal = |code: &SqlState| {
        *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
    };
    if error.code().is_some_and(is_refusal) {
        Problem::Refused { at, why }
    } else if error.to_string().contains("TLS") {
        Problem::Tls { at, why }
    } else {
        Problem::Unreachable { at, why }
    }
}
