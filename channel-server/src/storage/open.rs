//! From where a store is to the store.

use std::sync::Arc;

use channel_engine::{MemoryStore, PostgresOptions, PostgresStore, SqliteStore, Store, StoreError};

use super::StoreLocation;

impl StoreLocation {
    /// Opens the store, and brings it to what this version needs.
    ///
    /// # Errors
    ///
    /// It can't be reached, read or written, belongs to another program or to a newer version of this one, or another
    /// server has the file open.
    pub async fn open(&self) -> Result<Arc<dyn Store>, StoreError> {
        match self {
            Self::Memory => {
                tracing::warn!(
                    "everything is kept in memory: a restart forgets every conversation, and loses what is accepted and not yet answered"
                );
                Ok(Arc::new(MemoryStore::default()))
            }
            Self::File(path) => {
                let store = SqliteStore::open(path)?;
                tracing::info!(file = %path.display(), "messages, conversations and replies are kept in a file");
                Ok(Arc::new(store))
            }
            Self::Postgres { url, schema } => {
                let mut options = PostgresOptions::default();
                if let Some(schema) = schema {
                    schema.clone_into(&mut options.schema);
                }
                let schema = options.schema.clone();
                let store = PostgresStore::connect(url.expose(), options).await?;
                tracing::info!(schema, "messages, conversations and replies are kept in PostgreSQL");
                Ok(Arc::new(store))
            }
        }
    }
}
