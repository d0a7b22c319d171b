//! Connections, lent for one call each.

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures_util::future::try_join_all;
use tokio_postgres::{Row, types::ToSql};

use super::{
    super::StoreError,
    address::Address,
    error::{Problem, failed, unconnected},
};

/// What a statement is given.
pub(super) type Parameter<'a> = &'a (dyn ToSql + Sync + 'a);

/// A statement and its parameters.
pub(super) type Statement<'a> = (&'static str, &'a [Parameter<'a>]);

/// The same, where the parameters are gathered.
pub(super) type Gathered<'a> = (&'static str, Vec<Parameter<'a>>);

/// A statement for so many rows; without any there is nothing to do.
pub(super) fn for_rows<'a, const N: usize>(
    rows: usize,
    sql: &'static str,
    parameters: [Parameter<'a>; N],
) -> Option<Gathered<'a>> {
    (rows > 0).then(|| (sql, parameters.to_vec()))
}

/// Ends a transaction; only what has answered is kept.
pub(super) const COMMIT: Statement<'static> = ("COMMIT", &[]);

/// Each statement sees what was committed before it, whatever the database's default is.
pub(super) const BEGIN: Statement<'static> = ("BEGIN ISOLATION LEVEL READ COMMITTED", &[]);

/// Connections to the database. One that breaks is replaced when the next is needed.
#[derive(Clone)]
pub(super) struct Database {
    pool: Pool,
    time_limit: Duration,
    at: String,
}

impl Database {
    pub(super) fn new(address: &Address, connections: usize) -> Result<Self, Problem> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.config.clone(), address.tls.clone(), recycling);
        let session = address.session();
        let hook = Hook::async_fn(move |client, _| {
            let session = session.clone();
            Box::pin(async move { client.batch_execute(&session).await.map_err(HookError::Backend) })
        });
        let limit = Some(address.time_limit);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(limit)
            .create_timeout(limit)
            .recycle_timeout(limit)
            .post_create(hook)
            .build()
            .map_err(|error| Problem::Failed(error.to_string()))?;
        Ok(Self { pool, time_limit: address.time_limit, at: address.at() })
    }

    pub(super) async fn lend(&self) -> Result<Lent, StoreError> {
        match self.pool.get().await {
            Ok(object) => Ok(Lent { object: Some(object), is_open: false, time_limit: self.time_limit }),
            Err(PoolError::Backend(error)) => Err(unconnected(&error, self.at.clone()).into()),
            Err(PoolError::PostCreateHook(HookError::Backend(error))) => Err(failed(&error)),
            Err(PoolError::Timeout(_)) => Err(Problem::Silent(self.time_limit.as_millis()).into()),
            Err(error) => Err(StoreError::new(error)),
        }
    }

    /// One statement, which is a transaction of its own.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut lent = self.lend().await?;
        let mut answers = lent.run(&[(sql, parameters)]).await?;
        Ok(answers.pop().unwrap_or_default())
    }
}

/// A connection for one call. If the call ends within a transaction, or is dropped in it, the connection is closed, which
/// rolls back.
pub(super) struct Lent {
    object: Option<Object>,
    is_open: bool,
    time_limit: Duration,
}

impl Lent {
    /// Sends the statements at once and returns their answers; after an error nothing more may be done.
    pub(super) async fn run(&mut self, statements: &[Statement<'_>]) -> Result<Vec<Vec<Row>>, StoreError> {
        let was_open = std::mem::replace(&mut self.is_open, true);
        let answers = tokio::time::timeout(self.time_limit, self.pipeline(statements))
            .await
            .map_err(|_| Problem::Silent(self.time_limit.as_millis()))?
            .map_err(|error| failed(&error))?;
        let has = |sql: &str| statements.iter().any(|(other, _)| *other == sql);
        self.is_open = (was_open || has(BEGIN.0)) && !has(COMMIT.0);
        Ok(answers)
    }

    async fn pipeline(&self, statements: &[Statement<'_>]) -> Result<Vec<Vec<Row>>, tokio_postgres::Error> {
        let Some(client) = &self.object else { return Ok(Vec::new()) };
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, _) in statements {
            prepared.push(client.prepare_cached(sql).await?);
        }
        let parameters = statements.iter().map(|(_, parameters)| *parameters);
        try_join_all(prepared.iter().zip(parameters).map(|(sql, parameters)| client.query(sql, parameters)))
            .await
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.is_open
            && let Some(object) = self.object.take()
        {
            drop(Object::take(object));
        }
    }
}
