//! The tables, in their versions.

use tokio::time::timeout;
use tokio_postgres::{Client, Error, error::SqlState};

use super::{
    address::Address,
    error::{Problem, why},
};

/// What brings a schema from each version to the next.
const MIGRATIONS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

const KNOWN: usize = MIGRATIONS.len();

/// Brings the schema to the version that this program knows: wholly or not at all, and one server at a time.
pub(super) async fn migrate(client: &Client, address: &Address) -> Result<(), Problem> {
    let migrated = timeout(address.time_limit, run(client, address)).await;
    let found = migrated
        .map_err(|_| Problem::Silent(address.time_limit.as_millis()))?
        .map_err(|error| explain(&error, address))?;
    if usize::try_from(found).is_ok_and(|found| found > KNOWN) {
        return Err(Problem::Newer { schema: address.schema.clone(), found, known: KNOWN });
    }
    Ok(())
}

/// Returns the version that the schema had.
async fn run(client: &Client, address: &Address) -> Result<i32, Error> {
    client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    let done = steps(client, address).await;
    client.batch_execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    done
}

async fn steps(client: &Client, address: &Address) -> Result<i32, Error> {
    // The lock is a start-up's alone, and ends with the transaction.
    client.execute("SELECT pg_advisory_xact_lock(hashtext('channel_meta'))", &[]).await?;
    make_schema(client, address).await?;
    client.batch_execute(&address.session()).await?;
    let found = version(client, address).await?;
    let done = usize::try_from(found).unwrap_or(0);
    for (migration, number) in MIGRATIONS.iter().zip(1..).skip(done) {
        client.batch_execute(migration).await?;
        client.execute("UPDATE channel_meta SET version = $1", &[&number]).await?;
    }
    Ok(found)
}

async fn make_schema(client: &Client, address: &Address) -> Result<(), Error> {
    let sql = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    if client.query(sql, &[&address.schema]).await?.is_empty() {
        client.batch_execute(&format!("CREATE SCHEMA {}", address.quoted_schema())).await?;
    }
    Ok(())
}

/// The schema's version; 0 where there is nothing yet. Looked up first: who may not make tables may use them.
async fn version(client: &Client, address: &Address) -> Result<i32, Error> {
    let sql = "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'channel_meta'";
    if client.query(sql, &[&address.schema]).await?.is_empty() {
        let sql = "CREATE TABLE channel_meta (version integer NOT NULL); INSERT INTO channel_meta VALUES (0)";
        client.batch_execute(sql).await?;
    }
    Ok(client.query_one("SELECT version FROM channel_meta", &[]).await?.get(0))
}

fn explain(error: &Error, address: &Address) -> Problem {
    let why = why(error);
    // A schema that may not be used is as good as none.
    let is_right_missing =
        |code: &SqlState| *code == SqlState::INSUFFICIENT_PRIVILEGE || *code == SqlState::INVALID_SCHEMA_NAME;
    if error.code().is_some_and(is_right_missing) {
        return Problem::Rights { user: address.user(), schema: address.schema.clone(), why };
    }
    Problem::Failed(why)
}
