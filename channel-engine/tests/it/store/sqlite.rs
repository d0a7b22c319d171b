//! The store in a file.

use std::sync::Arc;

use channel_engine::SqliteStore;
use tempfile::TempDir;

use super::support::Database;

/// A folder with the file.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Database for Folder {
    type Store = SqliteStore;

    async fn open(&self) -> Arc<SqliteStore> {
        Arc::new(SqliteStore::open(self.0.path().join("bot.db")).unwrap())
    }
}

store!(Some(Folder::new()), durable);
