//! The store of several servers.

use std::sync::Arc;

use channel_engine::{PostgresOptions, PostgresStore};

use super::support::Database;
use crate::postgres::cluster::{Cluster, cluster};

/// A schema of its own.
struct Schema {
    cluster: &'static Cluster,
    name: String,
}

impl Database for Schema {
    type Store = PostgresStore;

    async fn open(&self) -> Arc<PostgresStore> {
        let mut options = PostgresOptions::default();
        options.schema.clone_from(&self.name);
        Arc::new(PostgresStore::connect(&self.cluster.url("postgres", "postgres"), options).await.unwrap())
    }
}

fn schema() -> Option<Schema> {
    cluster().map(|cluster| Schema { cluster, name: cluster.new_name() })
}

store!(schema(), durable, shared);
