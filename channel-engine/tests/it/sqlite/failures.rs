//! Disks that fail.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use channel_engine::{Accepted::Duplicate, SqliteStore};

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
async fn who_does_not_wait_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let commits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&commits);
    let hook = move || {
        counted.fetch_add(1, SeqCst);
        Ok(())
    };
    let store = SqliteStore::open_with_hook(folder.path().join("bot.db"), hook).unwrap();
    {
        let mut gone = Box::pin(accept(&store, "gone", "Hi"));
        let waker = std::task::Waker::noop();
        let _ = gone.as_mut().poll(&mut std::task::Context::from_waker(waker));
    }
    accept(&store, "stays", "Hi").await.unwrap();
    assert!(is_kept(&store, "stays").await);
    assert!(commits.load(SeqCst) > 0);
}
