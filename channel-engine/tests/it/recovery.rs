//! What an engine finds that is started where another one ended.

use std::{collections::HashMap, sync::Arc, time::Duration};

use channel_core::Concurrency;
use channel_engine::{Conversation, Engine, MemoryStore, Options, SqliteStore, State, Store};
use tempfile::TempDir;
use tokio::runtime::Builder;

use crate::{
    faulty::{Fault, Faulty},
    platform::{Bot, Platform, Send},
    support::Script,
};

fn open(folder: &TempDir) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(folder.path().join("bot.db")).unwrap())
}

/// Lives in a runtime of its own, whose tasks end with it at whatever line they are, as those of a process that is killed.
fn killed<L: Future<Output = ()>>(life: impl FnOnce() -> L + std::marker::Send) {
    let run = || Builder::new_current_thread().enable_all().build().unwrap().block_on(life());
    std::thread::scope(|scope| scope.spawn(run).join().unwrap());
}

#[tokio::test]
async fn what_was_accepted_is_answered_once_and_in_order_before_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    killed(async || {
        let bot = Bot::start(&open(&folder), Options::default());
        for (sender, text) in [("ada", "wait a"), ("ada", "b"), ("bob", "wait c"), ("ada", "d"), ("bob", "e")]
        {
            bot.accept(sender, text).await.unwrap();
        }
        bot.script.waits().await;
        bot.script.waits().await;
    });

    let store = open(&folder);
    let bot = Bot::start(&store, Options::default());
    for (sender, text) in [("ada", "f"), ("bob", "g"), ("ada", "b"), ("ada", "h")] {
        bot.accept(sender, text).await.unwrap();
    }
    bot.script.waits().await;
    bot.script.waits().await;
    bot.script.go_on();
    bot.script.go_on();
    assert_eq!(bot.ask("ada", "i").await.unwrap(), ["wait a, b, d, f, h, i"]);
    bot.platform.shows(8).await;
    let shown = bot.platform.texts("ada");
    assert_eq!(shown, ["wait a", "wait a, b", "wait a, b, d", "wait a, b, d, f", "wait a, b, d, f, h"]);
    assert_eq!(bot.platform.texts("bob"), ["wait c", "wait c, e", "wait c, e, g"]);
}

async fn a_turn_that_was_cut_short_goes_on(script: fn() -> Script) {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let (platform, queue) = (Platform::default(), Concurrency::Queue);
        let bot = Bot::idle(&open(&folder), Options::default(), script(), platform, queue);
        bot.engine.start();
        bot
    };
    killed(async || {
        let bot = start();
        bot.accepts("ada", ["flush wait", "b"]).await;
        bot.script.waits().await;
        while bot.engine.store().backlog().await.unwrap().unsent > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(bot.platform.texts("ada"), ["flush wait"]);
    });
    let bot = start();
    bot.script.waits().await;
    bot.script.go_on();
    bot.ask("ada", "c").await.unwrap();
    let kept = bot.kept("ada").await;
    assert_eq!(kept.matches("flush wait").count(), 1, "{kept}");
    assert!(kept.ends_with("b, c"), "{kept}");
    assert!(!bot.platform.texts("ada").contains(&"flush wait".to_owned()), "it was sent before");
}

#[tokio::test]
async fn a_turn_that_was_cut_short_goes_on_after_its_finished_steps() {
    a_turn_that_was_cut_short_goes_on(Script::default).await;
    a_turn_that_was_cut_short_goes_on(Script::resuming).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_is_a_dead_letter_and_what_comes_is_answered() {
    let store = Arc::new(Faulty::durable());
    for text in ["a", "b"] {
        keep(&*store, "ada", text).await;
    }
    store.ages(Duration::from_hours(2));
    let bot = Bot::start(&store, Options { max_age: Some(Duration::from_hours(1)), ..Options::default() });
    bot.settles().await;
    bot.accepts("ada", ["c"]).await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["c"]);
    let letters = bot.letters().await;
    assert_eq!(letters.len(), 2);
    assert!(letters[0].error.starts_with("not answered: the message was "), "{}", letters[0].error);
}

#[tokio::test]
async fn unsent_replies_are_sent_after_a_restart_with_the_state_of_the_conversation() {
    let folder = tempfile::tempdir().unwrap();
    killed(async || {
        let bot = Bot::start(&open(&folder), Options::default());
        bot.platform.will("ada", [Send::Hangs]);
        bot.accepts("ada", ["a", "b", "wait c"]).await;
        bot.script.waits().await;
        bot.platform.is_tried(1).await;
    });

    let bot = Bot::start(&open(&folder), Options::default());
    let shown = bot.platform.shows(2).await;
    assert_eq!(bot.platform.texts("ada")[..2], ["a", "a, b"]);
    assert_eq!(shown[0].events, 2);
}

#[tokio::test(start_paused = true)]
async fn replies_wait_until_their_channel_is_mounted_again() {
    let store = Arc::new(Faulty::durable());
    killed(async || {
        let bot = Bot::start(&store, Options::default());
        bot.platform.will("ada", [Send::Hangs]);
        bot.accepts("ada", ["a"]).await;
        bot.platform.is_tried(1).await;
        bot.accepts("bob", ["hang"]).await;
    });

    // Without its channel a message has its turn, and the replies wait.
    let engine = Engine::new(
        Arc::new(|_: channel_core::UserMessage| async { "Hi" }),
        store.clone(),
        Options::default(),
    );
    engine.start();
    while store.backlog().await.unwrap().pending > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_mins(1)).await;
    let backlog = store.backlog().await.unwrap();
    assert_eq!((backlog.unsent, backlog.dead_letters), (2, 0));
    engine.stop(Duration::ZERO).await;

    let bot = Bot::start(&store, Options::default());
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["a"]);
    assert_eq!(bot.platform.texts("bob"), ["Hi"]);
}

#[tokio::test]
async fn thousands_of_conversations_go_on() {
    let store = Arc::new(MemoryStore::default());
    let senders: Vec<_> = (0..2_000).map(|number| number.to_string()).collect();
    for sender in &senders {
        for text in ["a", "b"] {
            keep(&*store, sender, text).await;
        }
    }
    let bot = Bot::start(&store, Options::default());
    let mut shown: HashMap<_, Vec<_>> = HashMap::new();
    for one in bot.platform.shows(4_000).await {
        shown.entry(one.to).or_default().push(one.text);
    }
    for sender in &senders {
        assert_eq!(shown[sender], ["a", "a, b"]);
    }
}

async fn keep(store: &impl Store, sender_id: &str, text: &str) {
    let message =
        channel_core::UserMessage::new(text, sender_id).with_message_id(crate::platform::id(sender_id, text));
    let incoming = channel_engine::Incoming {
        conversation: &Conversation::new("chat", sender_id),
        channel: &"chat".into(),
        message: &message,
        waits: false,
    };
    store.accept(incoming).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_left_is_taken_up_once_the_store_answers() {
    let store = Arc::new(Faulty::durable());
    for text in ["a", "b"] {
        keep(&*store, "ada", text).await;
    }
    store.faults("work", [Fault::Fails; 3]);
    store.faults("pending", [Fault::Fails; 2]);
    store.faults("unsent", [Fault::Fails; 2]);
    let bot = Bot::start(&store, Options::default());
    bot.accepts("ada", ["c"]).await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["a", "a, b", "a, b, c"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_attempt_is_counted_across_restarts() {
    let store = Arc::new(Faulty::durable());
    let options = Options { attempts: 3, ..Options::default() };
    for _ in 0..2 {
        let bot = Bot::start(&store, options);
        bot.accepts("ada", ["fail"]).await;
        let tries = bot.listed().await[0].attempts;
        while bot.listed().await.first().is_some_and(|listed| listed.attempts == tries) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bot.engine.stop(Duration::from_secs(1)).await;
    }
    let bot = Bot::start(&store, options);
    bot.settles().await;
    assert_eq!(bot.letters().await[0].attempts, 3);
    assert_eq!(bot.script.begun().len(), 1);
    assert_eq!(bot.state("ada", "fail").await, Some(State::Dead("no more ideas".to_owned())));
}
