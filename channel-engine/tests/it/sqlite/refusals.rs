//! Files that are not opened.

use std::{fs, path::Path};

use channel_engine::SqliteStore;
use rusqlite::Connection;

/// Why the file is not opened.
fn refusal(path: &Path) -> String {
    SqliteStore::open(path).err().expect("it is refused").to_string()
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 4_711).unwrap();
    let refusal = refusal(&path);
    assert!(refusal.contains("of version 4711, this program knows versions up to 2"), "{refusal}");
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE bookmark (address TEXT)").unwrap();
    let before = fs::read(&path).unwrap();
    let refusal = refusal(&path);
    assert!(refusal.contains("other.db` is not a store of this program"), "{refusal}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let text = "Dear Ada, ".repeat(1_000);
    fs::write(&path, &text).unwrap();
    let refusal = refusal(&path);
    assert!(refusal.contains("letter.txt` is not a store of this program"), "{refusal}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_second_server_is_refused_until_the_first_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let first = SqliteStore::open(&path).unwrap();
    let refusal = refusal(&path);
    assert!(refusal.contains("bot.db` is in use by another server"), "{refusal}");
    drop(first);
    assert!(SqliteStore::open(&path).is_ok());
}

#[cfg(unix)]
#[test]
fn a_second_server_is_refused_under_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("bot.db"), folder.path().join("link.db"));
    let _first = SqliteStore::open(&path).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let refusal = refusal(&link);
    assert!(refusal.contains("in use by another server"), "{refusal}");
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = refusal(&folder.path().join("missing/bot.db"));
    assert!(refusal.contains("missing` for the store: create it"), "{refusal}");
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = refusal(folder.path());
    assert!(refusal.contains("it is a folder"), "{refusal}");
}

#[cfg(unix)]
#[test]
fn what_users_say_is_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let _store = SqliteStore::open(folder.path().join("bot.db")).unwrap();
    for name in ["bot.db", "bot.db-wal"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}
