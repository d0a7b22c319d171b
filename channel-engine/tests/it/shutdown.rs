//! The end of an engine, in order.

use std::{sync::Arc, time::Duration};

use channel_core::{Concurrency, TurnError};
use channel_engine::{MemoryStore, Options, State};
use tokio::time::Instant;

use crate::{
    faulty::Faulty,
    platform::{Bot, Send},
    support::in_chat,
};

const GRACE: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn running_turns_end_and_the_rest_waits_in_a_store_that_lasts() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, Options::default());
    bot.accepts("ada", ["wait", "b"]).await;
    bot.script.waits().await;
    let caller = bot.ask("ada", "c");
    let visit = bot.engine.remove(in_chat("ada"));
    let stop = async {
        tokio::task::yield_now().await;
        let stopped = bot.engine.stop(GRACE);
        let (begun, ()) = (Instant::now(), bot.script.go_on());
        stopped.await;
        assert!(begun.elapsed() < Duration::from_secs(1), "nothing holds it up");
    };
    let (caller, visited, ()) = tokio::join!(caller, visit, stop);
    assert!(matches!(caller, Err(TurnError::ShuttingDown)), "{caller:?}");
    assert!(matches!(visited, Err(TurnError::ShuttingDown)), "{visited:?}");
    assert!(matches!(bot.accept("bob", "d").await, Err(TurnError::ShuttingDown)));
    assert!(matches!(bot.ask("bob", "d").await, Err(TurnError::ShuttingDown)));
    assert_eq!(bot.engine.tasks().len(), 0);
    assert_eq!(bot.state("ada", "wait").await, Some(State::Over));
    assert_eq!(bot.state("ada", "b").await, Some(State::Pending));
    assert_eq!(bot.state("ada", "c").await, None);
    assert_eq!(bot.listed().await.iter().map(|listed| listed.attempts).sum::<u32>(), 0);

    let bot = Bot::start(&store, Options::default());
    bot.settles().await;
    assert_eq!(bot.kept("ada").await, "wait, b");
}

#[tokio::test(start_paused = true)]
async fn what_waits_in_memory_is_answered_and_sent_within_the_grace_time() {
    for concurrency in [Concurrency::Queue, Concurrency::Debounce(GRACE * 2)] {
        let bot = Bot::with(&Arc::new(MemoryStore::default()), concurrency);
        bot.accepts("ada", ["wait", "b"]).await;
        bot.platform.will("ada", [Send::Fails, Send::Fails]);
        if concurrency == Concurrency::Queue {
            bot.script.waits().await;
        }
        bot.script.go_on();
        bot.engine.stop(GRACE).await;
        let shown = bot.platform.texts("ada");
        assert!(shown.last().is_some_and(|text| text.contains('b')), "{concurrency:?}: {shown:?}");
        assert_eq!(bot.engine.tasks().len(), 0, "{concurrency:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_tried_again_waits_in_a_store_that_lasts() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, Options::default());
    bot.accepts("ada", ["stumble", "b"]).await;
    bot.platform.will("bob", [Send::Limited(GRACE * 2)]);
    bot.accepts("bob", ["c"]).await;
    bot.platform.is_tried(1).await;
    let begun = Instant::now();
    bot.engine.stop(GRACE).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(bot.script.begun().iter().filter(|text| *text != "c").count(), 1);

    let bot = Bot::start(&store, Options::default());
    bot.script.mend();
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["stumble", "stumble, b"]);
    assert_eq!(bot.platform.texts("bob"), ["c"]);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_end_holds_the_end_up_no_longer_than_the_grace_time() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, Options::default());
    bot.accepts("ada", ["hang"]).await;
    tokio::task::yield_now().await;
    let begun = Instant::now();
    bot.engine.stop(GRACE).await;
    assert_eq!(begun.elapsed().as_secs(), GRACE.as_secs());
    assert_eq!(bot.state("ada", "hang").await, Some(State::Pending));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_waits_for_quiet_is_left_in_a_store_that_lasts() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::with(&store, Concurrency::Debounce(GRACE));
    bot.accepts("ada", ["a"]).await;
    tokio::task::yield_now().await;
    bot.engine.stop(GRACE).await;
    assert_eq!(bot.state("ada", "a").await, Some(State::Pending));
    assert!(bot.script.begun().is_empty());
}
