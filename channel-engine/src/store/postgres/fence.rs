//! Writes by who holds the conversation.

use tokio_postgres::Row;

use super::{
    super::StoreError,
    database::{BEGIN, COMMIT, Database, Lent, Parameter, Statement},
    names::Key,
    server::Server,
};

const LOCK: &str = "SELECT next_step FROM channel_conversations \
    WHERE key = $1 AND holder = $2 AND lease = $3 FOR UPDATE";

/// A transaction in which a conversation is locked, and held under the number that was shown.
pub(super) struct Held {
    lent: Lent,
    /// The number of the next step's events.
    pub(super) next_step: i64,
    /// The answers to what was asked with the lock.
    pub(super) answers: Vec<Vec<Row>>,
}

impl Held {
    /// Begins. What is asked sees what was committed until the conversation was locked.
    pub(super) async fn begin(
        database: &Database,
        server: &Server,
        conversation: &Key,
        lease: u64,
        asked: &[Statement<'_>],
    ) -> Result<Self, StoreError> {
        let holder = server.id().ok_or(StoreError::Fenced)?;
        let lease = i64::try_from(lease).map_err(|_| StoreError::Fenced)?;
        let mut lent = database.lend().await?;
        let lock: [Parameter<'_>; 3] = [conversation, &holder, &lease];
        let mut statements = vec![BEGIN, (LOCK, &lock)];
        statements.extend_from_slice(asked);
        let mut answers = lent.run(&statements).await?.split_off(1);
        let Some(next_step) = answers.remove(0).first().map(|row| row.get(0)) else {
            lent.run(&[COMMIT]).await?;
            return Err(StoreError::Fenced);
        };
        Ok(Self { lent, next_step, answers })
    }

    /// Does the rest and commits: all of it or nothing.
    pub(super) async fn finish(mut self, statements: &[Statement<'_>]) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut statements = statements.to_vec();
        statements.push(COMMIT);
        self.lent.run(&statements).await
    }
}
