//! The store in memory, and what only it promises.

use std::sync::Arc;

use channel_engine::{Accepted::Duplicate, Filter, MemoryStore, Store};

use super::support::{Database, accept, end, key, kill, replies};

struct Memory;

impl Database for Memory {
    type Store = MemoryStore;

    async fn open(&self) -> Arc<MemoryStore> {
        Arc::default()
    }
}

store!(Some(Memory));

#[tokio::test]
async fn it_says_that_it_forgets() {
    assert!(!MemoryStore::default().is_durable());
}

#[tokio::test]
async fn the_oldest_messages_go_once_there_are_many() {
    let store = MemoryStore::default();
    accept(&store, "pending").await;
    for number in 0..=10_000 {
        accept(&store, &number.to_string()).await;
        end(&store, &number.to_string()).await;
    }
    assert_eq!(store.message(&key("0")).await.unwrap(), None);
    assert_eq!(replies(&store, "1").await, []);
    assert_eq!(accept(&store, "pending").await, Duplicate);
}

#[tokio::test]
async fn the_oldest_dead_letters_go_once_there_are_many() {
    let store = MemoryStore::default();
    for number in 0..=1_000 {
        accept(&store, &number.to_string()).await;
        kill(&store, &number.to_string()).await;
    }
    let letters = store.dead_letters(&Filter { limit: 9_999, ..Filter::default() }).await.unwrap();
    assert_eq!(letters.len(), 1_000);
    assert_eq!(store.message(&key("0")).await.unwrap(), None);
    assert_eq!(accept(&store, "1").await, Duplicate);
}
