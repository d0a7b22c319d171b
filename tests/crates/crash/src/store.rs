//! Where messages are kept.

use std::{convert::Infallible, fmt, path::PathBuf, str::FromStr, sync::Arc};

use channel_core::BoxError;
use channel_engine::{MemoryStore, SqliteStore, Store};

/// Where a store is.
#[derive(Clone, Debug)]
pub(crate) enum StoreAt {
    /// In the server's memory: a kill loses it.
    Memory,
    /// In a file.
    File(PathBuf),
}

impl StoreAt {
    /// Opens it. A file is one server's at a time.
    pub(crate) fn open(&self) -> Result<Arc<dyn Store>, BoxError> {
        Ok(match self {
            Self::Memory => Arc::new(MemoryStore::default()),
            Self::File(path) => Arc::new(SqliteStore::open(path)?),
        })
    }

    /// Whether it can be read when the server has ended.
    pub(crate) fn outlives_servers(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// Whether several servers can use it at the same time.
    pub(crate) fn is_shared(&self) -> bool {
        false
    }
}

impl FromStr for StoreAt {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "memory" => Self::Memory,
            path => Self::File(path.into()),
        })
    }
}

impl fmt::Display for StoreAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}
