//! Channels whose replies wait until they are mounted.

use std::{sync::Arc, time::Duration};

use channel_core::{BotMessage, Recipient, TurnError};
use channel_engine::{Conversation, MemoryStore, Options, Outward, Step, Store};

use crate::platform::{Bot, Send};

/// Replies are left unsent in Ada's conversation, which all channels share.
async fn leave(store: &MemoryStore, channel: &str, texts: impl IntoIterator<Item = String>) {
    let replies: Vec<_> = texts.into_iter().map(BotMessage::text).collect();
    let step = Step {
        conversation: &Conversation::new("", "ada"),
        lease: 0,
        events: &[],
        replies: &replies,
        outward: Some(Outward { channel: &channel.into(), to: &Recipient::new("ada") }),
        message: None,
        number: 0,
        is_last: true,
        supersedes: &[],
        schedule: &[],
    };
    store.commit(step).await.unwrap();
}

fn shared() -> Options {
    Options { shared: true, ..Options::default() }
}

fn numbers(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| number.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_not_mounted_holds_up_no_other_one() {
    let store = Arc::new(MemoryStore::default());
    leave(&store, "absent", numbers(200)).await;
    leave(&store, "chat", ["a".to_owned()]).await;
    leave(&store, "absent", ["last".to_owned()]).await;
    leave(&store, "chat", ["b".to_owned()]).await;
    let bot = Bot::start(&store, shared());
    bot.platform.shows(2).await;
    bot.accepts("ada", ["c"]).await;
    bot.platform.shows(3).await;
    assert_eq!(bot.platform.texts("ada"), ["a", "b", "c"]);
    assert_eq!(store.backlog().await.unwrap().unsent, 201);

    bot.mount("absent");
    bot.settles().await;
    let expected =
        ["a", "b", "c"].map(str::to_owned).into_iter().chain(numbers(200)).chain(["last".to_owned()]);
    assert_eq!(bot.platform.texts("ada"), expected.collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_is_found_unsent_counts_for_its_channel() {
    let store = Arc::new(MemoryStore::default());
    leave(&store, "chat", ["a".to_owned()]).await;
    let bot = Bot::start(&store, Options { unsent: 1, ..shared() });
    bot.platform.will("ada", [Send::Limited(Duration::from_secs(9))]);
    bot.platform.is_tried(1).await;
    assert!(matches!(bot.accept("bob", "b").await, Err(TurnError::Busy)));
    bot.settles().await;
    tokio::task::yield_now().await;
    bot.accepts("bob", ["b"]).await;
}
