//! Where messages, conversations and replies are kept.

mod open;
mod tracker_store;

use std::{convert::Infallible, fmt, path::PathBuf, str::FromStr};

use channel_core::Secret;

pub(crate) use tracker_store::read as read_tracker_store;

/// The file that a server keeps everything in unless it is told otherwise, in the folder where it is started.
pub(crate) const DEFAULT_FILE: &str = "channel.db";

/// Where messages, conversations and replies are kept.
///
/// # Examples
///
/// ```
/// use channel_server::StoreLocation;
///
/// assert!(matches!("memory".parse(), Ok(StoreLocation::Memory)));
/// assert!(matches!("/var/lib/bot/channel.db".parse(), Ok(StoreLocation::File(_))));
/// assert!(matches!("postgres://bot:secret@db/bot".parse(), Ok(StoreLocation::Postgres { .. })));
/// ```
#[derive(Clone, Debug)]
pub enum StoreLocation {
    /// In memory: a restart forgets everything.
    Memory,
    /// In an SQLite file of this machine, for one server.
    File(PathBuf),
    /// In a PostgreSQL database, for any number of servers.
    Postgres {
        /// Its URL, which may have a password.
        url: Secret,
        /// The schema of the tables; `public` where there is none.
        schema: Option<String>,
    },
}

impl Default for StoreLocation {
    fn default() -> Self {
        Self::File(DEFAULT_FILE.into())
    }
}

/// `memory`, the URL of a PostgreSQL database, or else a file.
impl FromStr for StoreLocation {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "memory" => Self::Memory,
            url if ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) => {
                Self::Postgres { url: Secret::new(url), schema: None }
            }
            path => Self::File(path.into()),
        })
    }
}

/// Never with a password.
impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::File(path) => path.display().fmt(f),
            Self::Postgres { .. } => f.write_str("a PostgreSQL database"),
        }
    }
}
