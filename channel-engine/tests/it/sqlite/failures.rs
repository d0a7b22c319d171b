//! Disks that fail.

use std::{
    env, io,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc,
    },
};

use channel_engine::{Accepted::Duplicate, SqliteStore};
use rusqlite::Connection;

use super::support::{accept, is_kept};

#[tokio::test]
async fn nothing_is_told_as_kept_that_could_not_be_committed() {
    let folder = tempfile::tempdir().unwrap();
    let is_full = Arc::new(AtomicBool::new(true));
    let full = Arc::clone(&is_full);
    let hook = move || if full.load(SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) };
    let store = SqliteStore::open_with_hook(folder.path().join("bot.db"), hook).unwrap();
    let (first, second) = tokio::join!(accept(&store, "1", "Hi"), accept(&store, "2", "Hi"));
    assert_eq!(first.unwrap_err().to_string(), "the store failed: no storage space");
    assert!(second.is_err());
    assert!(!is_kept(&store, "1").await && !is_kept(&store, "2").await);

    is_full.store(false, SeqCst);
    assert_ne!(accept(&store, "1", "Hi").await.unwrap(), Duplicate);
    assert!(is_kept(&store, "1").await);
}

#[tokio::test]
async fn what_fails_alone_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    drop(SqliteStore::open(&path).unwrap());
    let refuses_one = "CREATE TRIGGER refuse BEFORE INSERT ON inbox WHEN NEW.message_id = 'bad'
        BEGIN SELECT RAISE(ABORT, 'refused'); END";
    Connection::open(&path).unwrap().execute_batch(refuses_one).unwrap();

    let (let_go, held) = mpsc::channel::<()>();
    let hook = move || {
        // Nothing is committed before all have come: then nobody holds the other end any more.
        let _ = held.recv();
        Ok(())
    };
    let store = SqliteStore::open_with_hook(&path, hook).unwrap();
    let all_have_come = async { drop(let_go) };
    let (first, good, bad, last, ()) = tokio::join!(
        accept(&store, "first", "Hi"),
        accept(&store, "good", "Hi"),
        accept(&store, "bad", "Hi"),
        accept(&store, "last", "Hi"),
        all_have_come
    );
    assert_eq!(bad.unwrap_err().to_string(), "the store failed: refused");
    assert!(first.is_ok() && good.is_ok() && last.is_ok());
    assert!(!is_kept(&store, "bad").await);
    assert!(is_kept(&store, "good").await && is_kept(&store, "last").await);
}

/// Names the file that is filled, in the process that fills it.
const FILLED: &str = "FILLED_STORE";

/// Starts itself in a process that may write files of 2 MB and no more: it is told so as by a disk that fails.
#[cfg(unix)]
#[tokio::test]
async fn what_was_told_before_the_disk_failed_is_there() {
    if let Some(path) = env::var_os(FILLED) {
        return fill(Path::new(&path)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let limited = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" --exact --nocapture \"$1\"";
    let this = "sqlite::failures::what_was_told_before_the_disk_failed_is_there";
    let mut server = Command::new("sh");
    server.args(["-c", limited]).arg(env::current_exe().unwrap()).arg(this).env(FILLED, &path);
    let output = server.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    let told: Vec<_> = printed.lines().filter_map(|line| line.strip_prefix("told ")).collect();
    assert!(!told.is_empty(), "{printed}");

    let store = SqliteStore::open(&path).unwrap();
    for id in told {
        assert!(is_kept(&store, id).await, "{id}");
    }
    accept(&store, "afterwards", "Hi").await.unwrap();
}

/// Accepts messages until the disk fails, and prints which are told as kept.
#[cfg(unix)]
async fn fill(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    let long = "x".repeat(64 << 10);
    for number in 0..100 {
        if accept(&store, &number.to_string(), &long).await.is_err() {
            return;
        }
        println!("\ntold {number}");
    }
    panic!("the disk never failed");
}
