//! The folder in which a run keeps the store, the server's log and the marks of failed turns.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
};

use channel_server::StoreLocation;
use tempfile::TempDir;

use super::database::Database;
use crate::arguments::Drive;

/// The folder of a temporary database.
const DATABASE: &str = "database";

/// A temporary folder, which vanishes when it is dropped.
pub(crate) struct Place {
    folder: TempDir,
    /// Where the servers keep messages, as it is told to them.
    pub(super) store: String,
}

impl Place {
    pub(super) fn new(drive: &Drive) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("crash-test-").tempdir()?;
        // A database runs as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        fs::create_dir(folder.path().join("marks"))?;
        let file = || folder.path().join("store.db").display().to_string();
        let store = match drive.store.as_deref() {
            Some("postgres") => Database::url(&folder.path().join(DATABASE)),
            Some(store) => store.to_owned(),
            None => file(),
        };
        Ok(Self { folder, store })
    }

    /// Where the servers keep messages.
    pub(super) fn store(&self) -> StoreLocation {
        let Ok(store) = self.store.parse();
        store
    }

    /// Where a temporary database has its data.
    pub(super) fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// Where failed turns leave their marks.
    pub(super) fn marks(&self) -> PathBuf {
        self.folder.path().join("marks")
    }

    /// The log of all servers, to be added to.
    pub(super) fn log(&self) -> io::Result<File> {
        File::options().create(true).append(true).open(self.folder.path().join("server.log"))
    }

    /// Leaves the folder where it is, and says where.
    pub(super) fn keep(&mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }
}
