//! Opening the file, and refusing what is not ours.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{checkpoints::LONG_FILE, schema};

/// The first version in which a checkpoint can't lose what another connection commits at that moment
/// (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST: (i32, &str) = (3_051_003, "3.51.3");

/// So long the rare statement waits that meets another connection's lock.
const PATIENCE: Duration = Duration::from_secs(1);

/// More than there are statements.
const STATEMENTS: usize = 128;

/// What every connection is told. A cache in KiB; `fullfsync` makes macOS write to the disk what it says it has written.
const SETTINGS: &str = "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;
    PRAGMA foreign_keys = OFF;";

/// Why a file is not opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("SQLite {found} is too old for the store: it can lose what was committed; link {} or newer", OLDEST.1)]
    OldLibrary { found: &'static str },
    #[error("there is no folder `{}` for the store: create it, or name another file", .0.display())]
    NoFolder(PathBuf),
    #[error("the store `{}` can't be opened: it is a folder; name a file", .0.display())]
    Folder(PathBuf),
    #[error("the store `{}` can't be opened: {source}; let this user read and write it and its folder", path.display())]
    Denied { path: PathBuf, source: io::Error },
    #[error("the store `{}` is in use by another server: stop that one, or name another file", .0.display())]
    InUse(PathBuf),
    #[error("`{}` is not a store of this program: name another file", .0.display())]
    Foreign(PathBuf),
    #[error(
        "the store `{}` is of version {found}, this program knows versions up to {known}: run a newer program",
        path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("the store `{}` can't have a write-ahead log there: put it on a local disk", .0.display())]
    NoLog(PathBuf),
    #[error("the store `{}` can't be opened: {source}; {remedy}", path.display())]
    Database { path: PathBuf, source: rusqlite::Error, remedy: &'static str },
}

/// A file that is ours alone, with the newest schema.
pub(super) struct Database {
    path: PathBuf,
    /// Locked as long as it is open; the lock dies with the process.
    lock: File,
}

impl Database {
    pub(super) fn open(path: &Path) -> Result<Self, Refusal> {
        if rusqlite::version_number() < OLDEST.0 {
            return Err(Refusal::OldLibrary { found: rusqlite::version() });
        }
        let path = resolve(path)?;
        let lock = lock(&path)?;
        touch(&path)?;
        let database = Self { path, lock };
        database.prepare()?;
        Ok(database)
    }

    /// The lock, to be held longer than any connection lives.
    pub(super) fn into_lock(self) -> File {
        self.lock
    }

    pub(super) fn writer(&self) -> Result<Connection, Refusal> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    pub(super) fn reader(&self) -> Result<Connection, Refusal> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    fn connect(&self, access: OpenFlags) -> Result<Connection, Refusal> {
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            connection.execute_batch(SETTINGS)?;
            connection.pragma_update(None, "journal_size_limit", LONG_FILE)?;
            Ok(connection)
        };
        connect().map_err(|error| self.failed(error))
    }

    /// Refuses what is not ours, and brings what is up to date.
    fn prepare(&self) -> Result<(), Refusal> {
        let mut connection = self.writer()?;
        let version = self.check(&connection)?;
        let mode: String = connection
            .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
            .map_err(|error| self.failed(error))?;
        if mode != "wal" {
            return Err(Refusal::NoLog(self.path.clone()));
        }
        schema::migrate(&mut connection, version).map_err(|error| self.failed(error))
    }

    /// The version of the schema; 0 where there is none yet.
    fn check(&self, connection: &Connection) -> Result<i64, Refusal> {
        let stamp = schema::stamp(connection).map_err(|error| self.failed(error))?;
        let known = schema::VERSION;
        match stamp.version {
            _ if stamp.is_foreign() => Err(Refusal::Foreign(self.path.clone())),
            found if found > known => Err(Refusal::Newer { path: self.path.clone(), found, known }),
            found => Ok(found),
        }
    }

    fn failed(&self, source: rusqlite::Error) -> Refusal {
        let path = self.path.clone();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Refusal::Foreign(path),
            code => Refusal::Database { path, source, remedy: remedy(code) },
        }
    }
}

fn remedy(code: Option<ErrorCode>) -> &'static str {
    match code {
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => {
            "look after its disk: whether it is full, or broken"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "let this user read and write it and its folder"
        }
        Some(ErrorCode::DatabaseCorrupt) => "put a copy of it in its place, or name another file",
        _ => "name another file, if this does not pass",
    }
}

/// One name for one file, whatever links lead to it: its lock is beside it.
fn resolve(path: &Path) -> Result<PathBuf, Refusal> {
    let denied = |source| Refusal::Denied { path: path.to_owned(), source };
    match fs::canonicalize(path) {
        Ok(path) if path.is_dir() => return Err(Refusal::Folder(path)),
        Ok(path) => return Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(denied(error)),
    }
    let Some(name) = path.file_name() else { return Err(Refusal::Folder(path.to_owned())) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs::canonicalize(folder) {
        Ok(folder) => Ok(folder.join(name)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Refusal::NoFolder(folder.to_owned())),
        Err(error) => Err(denied(error)),
    }
}

fn lock(path: &Path) -> Result<File, Refusal> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = create(Path::new(&name))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Refusal::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(Refusal::Denied { path: name.into(), source }),
    }
}

/// `SQLite` doesn't say why it can't open a file, and opens for reading what it may not write.
fn touch(path: &Path) -> Result<(), Refusal> {
    create(path).map(drop)
}

/// What users say is nobody else's to read: the log that `SQLite` puts beside the file gets the file's permissions.
fn create(path: &Path) -> Result<File, Refusal> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| Refusal::Denied { path: path.to_owned(), source })
}
