//! Many at once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use channel_engine::{Accepted::New, SqliteStore, Store};

use super::support::{accept, ada, is_kept};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_at_once_share_commits() {
    let folder = tempfile::tempdir().unwrap();
    let commits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&commits);
    let hook = move || {
        counted.fetch_add(1, SeqCst);
        Ok(())
    };
    let store = Arc::new(SqliteStore::open_with_hook(folder.path().join("bot.db"), hook).unwrap());
    let calls = (0..500).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let id = number.to_string();
            let accepted = accept(&store, &id, "Hi").await.unwrap();
            assert!(is_kept(&store, &id).await, "what is told is there to be read");
            accepted
        })
    });
    let mut ids = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        let New { id } = call.await.unwrap() else { panic!("it is new") };
        ids.push(id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 500);
    assert!(commits.load(SeqCst) < 500, "{commits:?}");
    let pending = store.pending(&ada(), 1_000).await.unwrap();
    assert_eq!(pending.into_iter().map(|pending| pending.id).collect::<Vec<_>>(), ids);
}
