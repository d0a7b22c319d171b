//! Conversations that are forgotten.

use std::{sync::Arc, time::Duration};

use channel_engine::{MemoryStore, Options, Retention};

use crate::{platform::Bot, support::in_chat};

#[tokio::test(start_paused = true)]
async fn a_conversation_that_is_forgotten_begins_anew() {
    let retention = Retention { conversations: Some(Duration::ZERO), ..Retention::default() };
    let store = Arc::new(MemoryStore::default());
    let bot = Bot::start(&store, Options { retention, ..Options::default() });
    bot.ask("ada", "a").await.unwrap();
    while bot.engine.tracker(&in_chat("ada")).await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    assert_eq!(bot.ask("ada", "b").await.unwrap(), ["b"]);
    assert_eq!(bot.kept("ada").await, "b");
}
