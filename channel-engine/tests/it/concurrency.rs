//! What becomes of messages that come while their conversation is busy.

use std::{sync::Arc, time::Duration};

use channel_core::Concurrency;
use channel_engine::{MemoryStore, State};
use tokio::time::Instant;

use crate::{
    faulty::{Fault, Faulty},
    platform::{Bot, id},
    support::in_chat,
};

fn bot(concurrency: Concurrency) -> Bot {
    Bot::with(&Arc::new(MemoryStore::default()), concurrency)
}

/// How the messages stand, each by its text; what supersedes one is told by its text, too.
async fn states(bot: &Bot, texts: &[&str]) -> Vec<String> {
    let mut states = Vec::new();
    for text in texts {
        states.push(match bot.state("ada", text).await.unwrap() {
            State::Superseded(by) => by.trim_start_matches("ada/").to_owned(),
            state => format!("{state:?}"),
        });
    }
    states
}

/// Says something while a first turn waits, and lets that go on.
async fn say_while_busy(bot: &Bot, texts: &[&str]) {
    bot.accepts("ada", ["wait"]).await;
    bot.script.waits().await;
    for text in texts {
        bot.accept("ada", text).await.unwrap();
    }
    bot.script.go_on();
    bot.settles().await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_messages_at_once_have_a_hundred_turns_in_order() {
    let bot = bot(Concurrency::Queue);
    let texts: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    for text in &texts {
        bot.accept("ada", text).await.unwrap();
    }
    bot.settles().await;
    assert_eq!(bot.script.begun(), texts);
    let expected: Vec<_> = (1..=100).map(|count| texts[..count].join(", ")).collect();
    assert_eq!(bot.platform.texts("ada"), expected);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_collected_into_one_turn() {
    let bot = bot(Concurrency::Collect);
    say_while_busy(&bot, &["b", "c", "d"]).await;
    assert_eq!(bot.script.begun(), ["wait", "b\nc\nd"]);
    assert_eq!(bot.platform.texts("ada"), ["wait", "wait, b\nc\nd"]);
    assert_eq!(states(&bot, &["wait", "b", "c", "d"]).await, ["Over", "d", "d", "Over"]);
}

#[tokio::test(start_paused = true)]
async fn a_button_is_no_line_of_a_text() {
    let bot = bot(Concurrency::Collect);
    say_while_busy(&bot, &["b", "/yes", "c", "d"]).await;
    assert_eq!(bot.script.begun(), ["wait", "b", "/yes", "c\nd"]);
}

#[tokio::test(start_paused = true)]
async fn each_message_of_a_collected_turn_that_fails_is_a_dead_letter() {
    let bot = bot(Concurrency::Collect);
    say_while_busy(&bot, &["b", "x fail x", "c"]).await;
    let dead = "Dead(\"no more ideas\")";
    assert_eq!(states(&bot, &["b", "x fail x", "c"]).await, [dead; 3]);
    assert_eq!(bot.letters().await.len(), 3);
    assert_eq!(bot.engine.store().backlog().await.unwrap().pending, 0);
}

#[tokio::test(start_paused = true)]
async fn a_user_who_pauses_is_answered_once() {
    let quiet = Duration::from_secs(2);
    let bot = bot(Concurrency::Debounce(quiet));
    let begun = Instant::now();
    for text in ["a", "b", "c"] {
        bot.accept("ada", text).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    let shown = bot.platform.shows(1).await;
    let after = shown[0].at - begun;
    assert!(after >= Duration::from_secs(5) && after < Duration::from_millis(5_100), "{after:?}");
    assert_eq!(bot.script.begun(), ["a\nb\nc"]);
    assert_eq!(states(&bot, &["a", "b", "c"]).await, ["c", "c", "Over"]);
}

#[tokio::test(start_paused = true)]
async fn a_user_who_does_not_stop_is_answered_all_the_same() {
    let bot = bot(Concurrency::Debounce(Duration::from_secs(2)));
    let begun = Instant::now();
    for number in 0..30 {
        bot.accept("ada", &number.to_string()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let first = bot.platform.shows(1).await[0].at - begun;
    assert!(first >= Duration::from_secs(20) && first <= Duration::from_secs(21), "{first:?}");
    bot.settles().await;
    let lines: Vec<_> = bot
        .script
        .begun()
        .iter()
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(lines, (0..30).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn the_newest_message_interrupts_the_running_turn() {
    let bot = bot(Concurrency::Interrupt);
    bot.accepts("ada", ["flush wait"]).await;
    bot.script.waits().await;
    bot.accepts("ada", ["b"]).await;
    bot.settles().await;
    assert_eq!(states(&bot, &["flush wait", "b"]).await, ["b", "Over"]);
    assert_eq!(
        bot.platform.texts("ada"),
        ["flush wait", "flush wait, b"],
        "what the finished step did stays"
    );
}

#[tokio::test(start_paused = true)]
async fn of_many_messages_the_newest_one_is_answered() {
    let bot = bot(Concurrency::Interrupt);
    bot.accepts("ada", ["wait", "wait wait", "c"]).await;
    bot.settles().await;
    assert_eq!(states(&bot, &["c"]).await, ["Over"]);
    let others = states(&bot, &["wait", "wait wait"]).await;
    assert!(others.iter().all(|by| by == "c" || by == "wait wait"), "{others:?}");
    assert_eq!(bot.platform.texts("ada"), ["c"]);
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_not_interrupted_while_its_step_is_being_kept() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::with(&store, Concurrency::Interrupt);
    store.faults("commit", [Fault::Blocks]);
    bot.accepts("ada", ["a"]).await;
    store.blocks().await;
    bot.accepts("ada", ["b"]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    store.release();
    bot.settles().await;
    assert_eq!(states(&bot, &["a", "b"]).await, ["Over", "Over"]);
    assert_eq!(bot.platform.texts("ada"), ["a", "a, b"]);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_tried_again_gives_way_to_a_newer_one() {
    let bot = bot(Concurrency::Interrupt);
    bot.accepts("ada", ["fail"]).await;
    while bot.script.begun().len() < 4 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let begun = Instant::now();
    bot.accepts("ada", ["b"]).await;
    bot.platform.shows(1).await;
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
    assert_eq!(states(&bot, &["fail", "b"]).await, ["b", "Over"]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_meanwhile_is_dropped_and_nothing_else() {
    let bot = bot(Concurrency::Drop);
    say_while_busy(&bot, &["b", "c"]).await;
    tokio::task::yield_now().await;
    bot.accepts("ada", ["d"]).await;
    bot.settles().await;
    assert_eq!(bot.script.begun(), ["wait", "d"]);
    let dropped = "dropped: another turn was running";
    assert_eq!(states(&bot, &["wait", "b", "c", "d"]).await, ["Over", dropped, dropped, "Over"]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_meanwhile_is_dropped_where_servers_share_the_store() {
    let bot = Bot::with(&Arc::new(Faulty::durable().shared()), Concurrency::Drop);
    say_while_busy(&bot, &["b", "c"]).await;
    assert_eq!(bot.script.begun(), ["wait"]);
    let dropped = "dropped: another turn was running";
    assert_eq!(states(&bot, &["wait", "b", "c"]).await, ["Over", dropped, dropped]);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_collected_where_servers_share_the_store() {
    let bot = Bot::with(&Arc::new(Faulty::durable().shared()), Concurrency::Collect);
    say_while_busy(&bot, &["b", "c", "d"]).await;
    assert_eq!(bot.script.begun(), ["wait", "b\nc\nd"]);
    assert_eq!(states(&bot, &["wait", "b", "c", "d"]).await, ["Over", "d", "d", "Over"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_waits_has_a_turn_of_its_own_whatever_is_chosen() {
    let quiet = Duration::from_secs(2);
    let all = [
        Concurrency::Queue,
        Concurrency::Collect,
        Concurrency::Debounce(quiet),
        Concurrency::Interrupt,
        Concurrency::Drop,
    ];
    for concurrency in all {
        let bot = bot(concurrency);
        let first = bot.ask("ada", "wait");
        let second = async {
            bot.script.waits().await;
            bot.accepts("ada", ["b"]).await;
            let second = bot.ask("ada", "c");
            bot.script.go_on();
            second.await
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!(first.unwrap(), ["wait"], "{concurrency:?}");
        assert!(second.unwrap()[0].ends_with('c'), "{concurrency:?}");
        bot.settles().await;
        assert!(bot.letters().await.is_empty(), "{concurrency:?}");
        assert!(bot.state("ada", "b").await.is_some(), "{} is known", id("ada", "b"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_into_the_store_is_no_turn_for_which_a_message_is_dropped() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::with(&store, Concurrency::Drop);
    store.faults("pending", [Fault::Blocks]);
    bot.engine.look(&in_chat("ada"));
    store.blocks().await;
    bot.accepts("ada", ["a"]).await;
    store.release();
    bot.settles().await;
    assert_eq!(states(&bot, &["a"]).await, ["Over"]);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_dropped_for_a_turn_that_a_look_into_the_store_found() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::with(&store, Concurrency::Drop);
    store.faults("accept", [Fault::FailsAfter]);
    bot.accept("ada", "wait").await.unwrap_err();
    bot.script.waits().await;
    bot.accepts("ada", ["b"]).await;
    bot.script.go_on();
    bot.settles().await;
    assert_eq!(bot.script.begun(), ["wait"]);
}

#[tokio::test(start_paused = true)]
async fn what_gives_way_while_the_store_fails_does_so_once_it_is_back() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::with(&store, Concurrency::Drop);
    store.faults("supersede", [Fault::Fails, Fault::FailsAfter]);
    say_while_busy(&bot, &["b"]).await;
    assert_eq!(bot.script.begun(), ["wait"]);
    assert_eq!(states(&bot, &["wait", "b"]).await, ["Over", "dropped: another turn was running"]);
}
