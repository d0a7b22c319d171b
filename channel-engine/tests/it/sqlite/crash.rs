//! What is there after an unclean end.

use std::{fs, path::Path};

use channel_engine::{SqliteStore, Store};
use tempfile::TempDir;

use super::support::{accept, ada, is_kept};

/// What the disk has at this moment, as after a power cut.
fn image(path: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["bot.db", "bot.db-wal"] {
        fs::copy(path.with_file_name(name), copy.path().join(name)).unwrap();
    }
    copy
}

#[tokio::test]
async fn all_that_was_acknowledged_is_there_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = SqliteStore::open(&path).unwrap();
    for number in 0..100 {
        accept(&store, &number.to_string(), "Hi").await.unwrap();
    }
    let image = image(&path);
    accept(&store, "later", "Hi").await.unwrap();

    let after = SqliteStore::open(image.path().join("bot.db")).unwrap();
    let pending = after.pending(&ada(), 1_000).await.unwrap();
    let ids: Vec<_> = pending.into_iter().map(|pending| pending.message.message_id).collect();
    assert_eq!(ids, (0..100).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(!is_kept(&after, "later").await);
}

#[tokio::test]
async fn a_log_that_was_torn_loses_the_end_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = SqliteStore::open(&path).unwrap();
    accept(&store, "whole", "Hi").await.unwrap();
    accept(&store, "torn", "Hi").await.unwrap();
    let image = image(&path);
    let log = fs::File::options().write(true).open(image.path().join("bot.db-wal")).unwrap();
    log.set_len(log.metadata().unwrap().len() - 1).unwrap();

    let after = SqliteStore::open(image.path().join("bot.db")).unwrap();
    assert!(is_kept(&after, "whole").await);
    assert!(!is_kept(&after, "torn").await);
}

#[tokio::test]
async fn the_log_does_not_grow_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = SqliteStore::open(&path).unwrap();
    let text = "x".repeat(1 << 20);
    for number in 0..160 {
        accept(&store, &number.to_string(), &text).await.unwrap();
    }
    let log = fs::metadata(path.with_file_name("bot.db-wal")).unwrap().len();
    assert!(log < 128 << 20, "{log} bytes");
}
