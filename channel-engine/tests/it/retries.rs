//! Turns that fail are run again, and given up in the end.

use std::{sync::Arc, time::Duration};

use channel_core::{Concurrency, Recipient, TurnError, UserMessage};
use channel_engine::{Content, Filter, Incoming, LetterId, MemoryStore, Options, SqliteStore, State, Store};

use crate::{
    faulty::{Fault, Faulty},
    platform::{Bot, Platform, id},
    support::{Script, in_chat, visit},
};

fn options(attempts: u32) -> Options {
    Options { attempts, ..Options::default() }
}

fn reason(error: &TurnError) -> String {
    let TurnError::Failed(cause) = error else { panic!("{error}") };
    cause.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_fails_is_run_again_after_growing_pauses_and_holds_its_place() {
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options(4));
    bot.accepts("ada", ["stumble", "b"]).await;
    bot.accepts("bob", ["c"]).await;
    bot.settles().await;
    let times: Vec<_> = bot.script.times().into_iter().filter(|(text, _)| text == "stumble").collect();
    assert_eq!(bot.script.begun(), ["stumble", "c", "stumble", "stumble", "stumble", "b"]);
    let pauses: Vec<_> = times.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    for (pause, least) in pauses.iter().zip([500, 1_000, 2_000]) {
        let least = Duration::from_millis(least);
        assert!(
            *pause + Duration::from_millis(20) >= least && *pause <= 2 * least + least / 10,
            "{pauses:?}"
        );
    }
    assert_eq!(bot.state("ada", "stumble").await, Some(State::Dead("not mended yet".to_owned())));
    assert_eq!(bot.platform.texts("ada"), ["b"], "what failed left nothing");
    assert_eq!(bot.kept("ada").await, "b");
    let [letter] = &bot.letters().await[..] else { panic!() };
    assert_eq!((letter.attempts, &*letter.error), (4, "not mended yet"));
    assert!(matches!(&letter.content, Content::Message(message) if message.text == "stumble"));
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_hangs_or_panics_has_failed() {
    let options = Options { turn_timeout: Duration::from_secs(7), ..options(2) };
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options);
    bot.accepts("ada", ["hang", "panic", "b"]).await;
    bot.settles().await;
    let error = "the agent took longer than 7 seconds";
    assert_eq!(bot.state("ada", "hang").await, Some(State::Dead(error.to_owned())));
    assert_eq!(bot.state("ada", "panic").await, Some(State::Dead("the agent panicked".to_owned())));
    assert_eq!(bot.script.begun(), ["hang", "hang", "panic", "panic", "b"]);
    assert_eq!(bot.platform.texts("ada"), ["b"]);
}

#[tokio::test(start_paused = true)]
async fn a_visit_that_hangs_holds_its_conversation_up_no_longer_than_a_turn() {
    let options = Options { turn_timeout: Duration::from_secs(7), ..options(2) };
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options);
    let output = bot.on_new_message.collector();
    let visited = bot.engine.visit(visit("ada", "hang", &output), |agent, turn| agent.handle(turn)).await;
    assert_eq!(reason(&visited.err().unwrap()), "the agent took longer than 7 seconds");
    assert_eq!(bot.ask("ada", "b").await.unwrap(), ["b"]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_panics_is_a_failure_of_its_messages_alone() {
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options(2));
    let message = UserMessage::new("Hi", "ada").with_message_id(id("ada", "Hi"));
    let incoming = Incoming {
        conversation: &in_chat("ada"),
        channel: &"chat".into(),
        message: &message.with_recipient(Recipient::new("nobody")),
        waits: false,
    };
    bot.engine.store().accept(incoming).await.unwrap();
    bot.engine.look(&in_chat("ada"));
    bot.accepts("ada", ["b"]).await;
    bot.settles().await;
    assert_eq!(bot.state("ada", "Hi").await, Some(State::Dead("the channel panicked".to_owned())));
    assert_eq!(bot.platform.texts("ada"), ["b"]);
}

async fn a_replayed_letter_is_answered_once(store: &Arc<impl Store>) {
    let bot = Bot::start(store, options(1));
    bot.accepts("ada", ["stumble", "flush stumble"]).await;
    bot.accepts("ada", ["b"]).await;
    bot.platform.shows(2).await;
    bot.script.mend();
    for letter in bot.letters().await {
        let conversation = store.replay(letter.id).await.unwrap().unwrap();
        bot.engine.look(&conversation);
        bot.engine.look(&conversation);
    }
    bot.platform.shows(4).await;
    assert_eq!(bot.ask("ada", "c").await.unwrap().len(), 1);
    let kept = "flush stumble, b, stumble, after, c";
    assert_eq!(bot.kept("ada").await, kept, "what the finished step did stays, where it was");
    let shown = bot.platform.texts("ada");
    assert_eq!(shown[..3], ["flush stumble", "flush stumble, b", "flush stumble, b, stumble"]);
    assert_eq!(shown[3..], ["after"]);
    assert!(bot.letters().await.is_empty());
    assert!(store.replay(LetterId::Message(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_replayed_letter_is_answered_once_from_memory() {
    a_replayed_letter_is_answered_once(&Arc::new(MemoryStore::default())).await;
}

#[tokio::test]
async fn a_replayed_letter_is_answered_once_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path().join("bot.db")).unwrap());
    a_replayed_letter_is_answered_once(&store).await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_whose_turn_failed_can_have_its_letter_replayed_which_is_sent() {
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options(1));
    bot.ask("ada", "stumble").await.unwrap_err();
    bot.script.mend();
    let letter = bot.letters().await.remove(0);
    let conversation = bot.engine.store().replay(letter.id).await.unwrap().unwrap();
    bot.engine.look(&conversation);
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["stumble"]);
}

#[tokio::test(start_paused = true)]
async fn a_letter_is_replayed_however_old_it_is() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, Options { max_age: Some(Duration::from_hours(1)), ..options(1) });
    bot.accepts("ada", ["stumble"]).await;
    bot.settles().await;
    bot.script.mend();
    store.ages(Duration::from_hours(2));
    let letter = bot.letters().await.remove(0);
    let conversation = bot.engine.store().replay(letter.id).await.unwrap().unwrap();
    bot.engine.look(&conversation);
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["stumble"]);
}

#[tokio::test(start_paused = true)]
async fn a_discarded_letter_is_gone_and_its_message_known() {
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options(1));
    bot.accepts("ada", ["stumble"]).await;
    bot.settles().await;
    let letter = bot.letters().await.remove(0);
    assert!(bot.engine.store().discard(letter.id).await.unwrap());
    assert!(bot.letters().await.is_empty());
    bot.script.mend();
    bot.accepts("ada", ["stumble", "b"]).await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["b"]);
    assert_eq!(bot.state("ada", "stumble").await, Some(State::Superseded("discarded".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_caller_is_told_of_the_first_failure_and_can_deliver_again() {
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options(5));
    for _ in 0..2 {
        assert_eq!(reason(&bot.ask("ada", "flush stumble").await.unwrap_err()), "not mended yet");
    }
    assert_eq!(bot.script.begun().len(), 2, "nobody tries it behind the caller's back");
    assert_eq!(bot.letters().await.len(), 1);
    bot.script.mend();
    assert_eq!(bot.ask("ada", "flush stumble").await.unwrap(), ["flush stumble", "after"]);
    assert!(bot.letters().await.is_empty());
    assert_eq!(bot.kept("ada").await, "flush stumble, after");
    assert!(bot.platform.shown().is_empty());
}

async fn finished_steps_are_done_once(script: Script) {
    let store = Arc::new(MemoryStore::default());
    let bot = Bot::idle(&store, options(9), script, Platform::default(), Concurrency::default());
    bot.accepts("ada", ["a", "flush flush stumble"]).await;
    // The first try, and a second one.
    while bot.script.begun().len() < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bot.script.mend();
    bot.accepts("ada", ["b"]).await;
    bot.settles().await;
    let kept = bot.kept("ada").await;
    assert!(kept.starts_with("a, flush flush stumble, after"), "{kept}");
    assert!(kept.ends_with(", b"), "{kept}");
    assert_eq!(kept.matches("flush flush stumble").count(), 1, "{kept}");
    let shown = bot.platform.texts("ada");
    assert_eq!(shown[..3], ["a", "a, flush flush stumble", "after"]);
    assert_eq!(shown.last(), Some(&kept), "the bot knows what is kept");
}

#[tokio::test(start_paused = true)]
async fn what_finished_steps_did_is_not_done_again_by_an_agent_that_begins_anew() {
    finished_steps_are_done_once(Script::default()).await;
}

#[tokio::test(start_paused = true)]
async fn what_finished_steps_did_is_not_done_again_by_an_agent_that_goes_on() {
    finished_steps_are_done_once(Script::resuming()).await;
}

#[tokio::test(start_paused = true)]
async fn a_step_that_is_not_kept_is_no_attempt_and_goes_on_when_the_store_is_back() {
    for fault in [Fault::Fails, Fault::FailsAfter] {
        let store = Arc::new(Faulty::durable());
        let bot = Bot::start(&store, options(2));
        store.faults("commit", [fault; 8]);
        bot.accepts("ada", ["flush", "b"]).await;
        bot.settles().await;
        assert!(bot.letters().await.is_empty(), "{fault:?}");
        assert!(bot.listed().await.iter().all(|listed| listed.attempts == 0), "{fault:?}");
        assert_eq!(bot.kept("ada").await, "flush, after, b", "{fault:?}");
        assert_eq!(bot.platform.texts("ada"), ["flush", "after", "flush, after, b"], "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_store_is_asked_less_and_less_often_as_long_as_it_fails() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, options(2));
    store.faults("commit", [Fault::Fails; 6]);
    bot.accepts("ada", ["a"]).await;
    bot.settles().await;
    let times = bot.script.times();
    let (first, last) = (times[1].1 - times[0].1, times[6].1 - times[5].1);
    assert!(first <= Duration::from_millis(220) && last >= Duration::from_secs(3), "{first:?}, {last:?}");
}

#[tokio::test(start_paused = true)]
async fn a_caller_whose_turn_is_not_kept_is_told_at_once_and_gets_the_replies_later() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, options(2));
    store.faults("commit", [Fault::Fails; 3]);
    bot.ask("ada", "a").await.unwrap_err();
    assert_eq!(bot.state("ada", "a").await, Some(State::Pending));
    assert_eq!(bot.ask("ada", "a").await.unwrap(), ["a"]);
    assert_eq!(bot.kept("ada").await, "a");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_not_kept_is_refused_and_leaves_nothing() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, options(2));
    store.faults("accept", [Fault::Fails; 2]);
    assert!(matches!(bot.accept("ada", "a").await, Err(TurnError::Failed(_))));
    assert!(matches!(bot.ask("ada", "b").await, Err(TurnError::Failed(_))));
    bot.accepts("ada", ["c"]).await;
    bot.settles().await;
    assert_eq!(bot.script.begun(), ["c"]);
    assert_eq!(bot.kept("ada").await, "c");
    assert_eq!(store.messages(&Filter::default()).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dead_letter_that_is_not_kept_is_kept_later_before_others_go_on() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, options(1));
    store.faults("fail", [Fault::Fails; 3]);
    bot.accepts("ada", ["fail", "b"]).await;
    bot.settles().await;
    assert_eq!(bot.letters().await.len(), 1);
    assert_eq!(bot.platform.texts("ada"), ["b"]);
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_never_cut_short_while_a_step_is_being_kept() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, Options { turn_timeout: Duration::from_secs(1), ..options(3) });
    store.faults("commit", [Fault::Blocks]);
    bot.accepts("ada", ["flush"]).await;
    store.blocks().await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    store.release();
    bot.settles().await;
    assert_eq!(bot.kept("ada").await, "flush, after");
    assert_eq!(bot.platform.texts("ada"), ["flush", "after"]);
}
