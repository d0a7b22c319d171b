//! Replies on their way to a platform: in order, as fast as it allows, again and again where it fails.

use std::{sync::Arc, time::Duration};

use channel_core::{AgentError, Concurrency, Rate, SendLimits};
use channel_engine::{Content, LetterId, MemoryStore, Options, Store};
use tokio::time::Instant;

use crate::{
    faulty::{Fault, Faulty},
    platform::{Bot, Platform, Send},
    support::Script,
};

const SECOND: Duration = Duration::from_secs(1);

fn bot() -> Bot {
    Bot::start(&Arc::new(MemoryStore::default()), Options::default())
}

fn limited(limits: SendLimits) -> Bot {
    let store = Arc::new(MemoryStore::default());
    Bot::idle(
        &store,
        Options::default(),
        Script::default(),
        Platform::limited(limits),
        Concurrency::default(),
    )
}

fn outcomes(letters: &[channel_engine::DeadLetter]) -> Vec<(&str, &str, u32)> {
    let outcome = |letter: &channel_engine::DeadLetter| match &letter.content {
        Content::Reply { outcome, .. } => outcome.clone(),
        Content::Message(_) => panic!("{letter:?}"),
    };
    letters.iter().map(|letter| (&*letter.error, &*outcome(letter).leak(), letter.attempts)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_failing_reply_holds_up_those_behind_it_and_no_other_conversation() {
    let bot = bot();
    bot.platform.will("ada", [Send::Fails, Send::Unknown, Send::Fails]);
    let begun = Instant::now();
    bot.accepts("ada", ["a", "b", "c"]).await;
    bot.accepts("bob", ["d"]).await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["a", "a, b", "a, b, c"]);
    let shown = bot.platform.shown();
    assert_eq!(shown[0].to, "bob");
    assert!(shown[0].at - begun < SECOND, "{shown:?}");
    assert!(shown[1].at - begun >= SECOND * 69 / 10, "pauses that double: {shown:?}");
    assert_eq!(bot.platform.tries().len(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_names_a_time_is_asked_no_sooner() {
    for wait in [17 * SECOND, 600 * SECOND] {
        let bot = bot();
        bot.platform.will("ada", [Send::Limited(wait)]);
        let begun = Instant::now();
        bot.accepts("ada", ["a"]).await;
        let shown = bot.platform.shows(1).await;
        let waited = shown[0].at - begun;
        assert!(waited + SECOND / 10 >= wait && waited < wait + SECOND, "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_a_dead_letter_and_the_next_go_on() {
    let bot = bot();
    bot.platform.will("ada", [Send::Refused, Send::Panics]);
    bot.accepts("ada", ["a", "b", "c"]).await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["a, b, c"]);
    let letters = bot.letters().await;
    assert_eq!(outcomes(&letters), [("no such chat", "failed", 1), ("the channel panicked", "failed", 1)]);

    let LetterId::Reply(_) = letters[0].id else { panic!() };
    let conversation = bot.engine.store().replay(letters[0].id).await.unwrap().unwrap();
    bot.engine.look(&conversation);
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["a, b, c", "a"], "replayed");
}

#[tokio::test(start_paused = true)]
async fn parts_of_a_reply_that_were_sent_are_not_sent_again() {
    let store = Arc::new(MemoryStore::default());
    let bot = Bot::start(&store, Options::default());
    let show = async |to: &'static str| {
        let visit = channel_engine::Visit {
            conversation: crate::support::in_chat(to),
            message: channel_core::UserMessage::new("", to),
            replies: channel_engine::Replies::Through(bot.state.clone()),
            reminders: true,
        };
        let cat = channel_core::BotMessage::text("Look:").with_image("http://cat");
        let visited = bot.engine.visit(visit, move |_, turn| {
            turn.reply(cat);
            Box::pin(async { Ok(()) })
        });
        visited.await.unwrap();
    };
    bot.platform.will("ada", [Send::Works, Send::Fails, Send::Fails]);
    show("ada").await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["Look:", "Image: http://cat"]);

    bot.platform.will("bob", [Send::Works, Send::Refused]);
    show("bob").await;
    bot.settles().await;
    assert_eq!(outcomes(&bot.letters().await), [("no such chat", "partial", 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_send_that_hangs_is_tried_again_and_given_up_in_the_end() {
    let options = Options { send_attempts: 3, send_timeout: 5 * SECOND, ..Options::default() };
    let bot = Bot::start(&Arc::new(MemoryStore::default()), options);
    bot.platform.will("ada", [Send::Hangs; 3]);
    let begun = Instant::now();
    bot.accepts("ada", ["a", "b"]).await;
    bot.settles().await;
    assert!(begun.elapsed() >= 3 * 5 * SECOND);
    assert_eq!(bot.platform.texts("ada"), ["a, b"]);
    assert_eq!(
        outcomes(&bot.letters().await),
        [("the platform did not answer in time", "unknown", 3)],
        "the user may have got it"
    );
}

#[tokio::test(start_paused = true)]
async fn more_replies_than_fit_into_memory_are_all_sent_in_order() {
    let bot = bot();
    bot.platform.will("ada", [Send::Limited(30 * SECOND)]);
    let texts: Vec<_> = (0..300).map(|number| format!("n{number}")).collect();
    for text in &texts {
        let message = bot.accept("ada", text);
        message.await.unwrap();
    }
    bot.settles().await;
    let shown = bot.platform.texts("ada");
    let last = |text: &String| text.rsplit(", ").next().unwrap().to_owned();
    assert_eq!(shown.iter().map(last).collect::<Vec<_>>(), texts);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_does_not_answer_is_left_alone_until_one_try_succeeds() {
    let bot = bot();
    let senders: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    for sender in &senders {
        bot.platform.will(sender, [Send::Fails; 50]);
        bot.accepts(sender, ["a"]).await;
    }
    let begun = Instant::now();
    tokio::time::sleep(60 * SECOND).await;
    let tries = bot.platform.tries();
    let later = tries.iter().filter(|time| **time > begun + SECOND / 2).count();
    assert!((4..20).contains(&later), "one at a time, less and less often: {later}");
    let first = tries.iter().find(|time| **time > begun + SECOND / 2).unwrap();
    assert!(
        *first < begun + 3 * SECOND,
        "many failures at once make for no long pause: {:?}",
        *first - begun
    );

    bot.platform.recovers();
    let mended = Instant::now();
    bot.settles().await;
    assert_eq!(bot.platform.shown().len(), 100);
    assert!(mended.elapsed() < 130 * SECOND, "{:?}", mended.elapsed());
    assert!(bot.letters().await.is_empty(), "nobody lost an attempt while it was left alone");
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_place_while_the_platform_fails_does_not_try() {
    let bot = Bot::start(
        &Arc::new(MemoryStore::default()),
        Options { send_timeout: 5 * SECOND, ..Options::default() },
    );
    for number in 0..400 {
        let sender = number.to_string();
        bot.platform.will(&sender, [Send::Hangs]);
        bot.accepts(&sender, ["a"]).await;
    }
    tokio::time::sleep(10 * SECOND).await;
    let tries = bot.platform.tries().len();
    assert!((128..140).contains(&tries), "as many as may be under way, then one at a time: {tries}");
    bot.platform.recovers();
    bot.settles().await;
    assert_eq!(bot.platform.shown().len(), 400);
}

#[tokio::test(start_paused = true)]
async fn no_conversation_gets_more_than_its_platform_takes() {
    let bot = limited(SendLimits { chat: Rate::per_second(1), ..SendLimits::default() });
    for sender in ["ada", "bob"] {
        bot.accepts(sender, ["a", "b", "c"]).await;
    }
    let begun = Instant::now();
    bot.settles().await;
    for sender in ["ada", "bob"] {
        let shown: Vec<_> = bot.platform.shown().into_iter().filter(|shown| shown.to == sender).collect();
        let gaps: Vec<_> = shown.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
        assert!(gaps.iter().all(|gap| *gap >= SECOND * 99 / 100), "{gaps:?}");
    }
    assert!(begun.elapsed() < 3 * SECOND, "side by side");
}

#[tokio::test(start_paused = true)]
async fn a_group_gets_no_more_than_groups_take() {
    let limits =
        SendLimits { chat: Rate::per_second(1), group: Rate::of(1, 10 * SECOND), ..SendLimits::default() };
    let bot = limited(limits);
    for sender in ["ada", "#garden"] {
        bot.accepts(sender, ["a", "b"]).await;
    }
    bot.settles().await;
    let gap = |of: &str| {
        let shown: Vec<_> = bot.platform.shown().into_iter().filter(|shown| shown.to == of).collect();
        shown[1].at - shown[0].at
    };
    assert!((SECOND * 99 / 100..2 * SECOND).contains(&gap("ada")), "{:?}", gap("ada"));
    assert!(gap("#garden") >= SECOND * 99 / 10, "{:?}", gap("#garden"));
}

#[tokio::test(start_paused = true)]
async fn an_account_sends_no_more_than_its_platform_takes() {
    let bot = limited(SendLimits { account: Rate::per_second(10), ..SendLimits::default() });
    for number in 0..50 {
        bot.accepts(&number.to_string(), ["a"]).await;
    }
    bot.settles().await;
    let shown = bot.platform.shown();
    for from in &shown {
        let within = shown.iter().filter(|shown| shown.at >= from.at && shown.at < from.at + SECOND).count();
        assert!(within <= 20, "a burst of 10, and 10 a second: {within}");
    }
    let took = shown[49].at - shown[0].at;
    assert!((SECOND * 39 / 10..5 * SECOND).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_method_with_a_limit_holds_up_its_own_messages_alone() {
    let shout = ("shout", Rate::of(1, 10 * SECOND).unwrap());
    let bot = limited(SendLimits { methods: vec![shout], ..SendLimits::default() });
    for sender in ["ada", "bob", "eve"] {
        bot.accepts(sender, ["!"]).await;
    }
    bot.accepts("zoe", ["a", "b", "c"]).await;
    bot.settles().await;
    let (loud, calm): (Vec<_>, Vec<_>) =
        bot.platform.shown().into_iter().partition(|shown| shown.text.starts_with('!'));
    assert!(calm[2].at - calm[0].at < SECOND, "{calm:?}");
    assert!(loud[2].at - loud[0].at >= SECOND * 199 / 10, "{loud:?}");
}

#[tokio::test(start_paused = true)]
async fn what_became_of_a_reply_is_kept_once_the_store_is_back_and_sent_once() {
    let store = Arc::new(Faulty::durable());
    let bot = Bot::start(&store, Options::default());
    store.faults("settle", [Fault::Fails, Fault::FailsAfter, Fault::Fails]);
    bot.accepts("ada", ["a", "b"]).await;
    bot.settles().await;
    assert_eq!(bot.platform.texts("ada"), ["a", "a, b"]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_is_told_the_state_of_each_step() {
    let bot = limited(SendLimits::default());
    bot.platform.will("ada", [Send::Limited(9 * SECOND)]);
    bot.accepts("ada", ["flush", "b"]).await;
    bot.settles().await;
    let events: Vec<_> = bot.platform.shown().into_iter().map(|shown| shown.events).collect();
    assert_eq!(events, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_too_much_unsent_is_busy() {
    let bot = Bot::start(&Arc::new(MemoryStore::default()), Options { unsent: 2, ..Options::default() });
    for sender in ["ada", "bob"] {
        bot.platform.will(sender, [Send::Limited(9 * SECOND)]);
        bot.accepts(sender, ["a"]).await;
    }
    bot.platform.is_tried(2).await;
    assert!(matches!(bot.accept("eve", "a").await, Err(channel_core::TurnError::Busy)));
    assert!(matches!(bot.accept("ada", "b").await, Err(channel_core::TurnError::Busy)));
    bot.settles().await;
    tokio::task::yield_now().await;
    bot.accepts("eve", ["a"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_with_a_time_is_sent_then() {
    let store = Arc::new(Faulty::durable());
    let output = {
        let bot = Bot::start(&store, Options::default());
        let visit = channel_engine::Visit {
            conversation: crate::support::in_chat("ada"),
            message: channel_core::UserMessage::new("", "ada"),
            replies: channel_engine::Replies::Through(bot.state.clone()),
            reminders: true,
        };
        let due = std::time::SystemTime::now() + Duration::from_hours(1);
        let visited = bot.engine.visit(visit, move |_, turn| {
            Box::pin(async move {
                turn.reply("now");
                turn.reply_at(due, "later");
                Ok::<_, AgentError>(())
            })
        });
        let mut sends = visited.await.unwrap().sends;
        assert_eq!(sends.settled(SECOND).await, channel_engine::Settled::Sent);
        bot.engine.stop(SECOND).await;
        bot.platform.texts("ada")
    };
    assert_eq!(output, ["now"]);
    assert_eq!(store.backlog().await.unwrap().scheduled, 1);

    let bot = Bot::start(&store, Options::default());
    tokio::time::sleep(SECOND).await;
    assert!(bot.platform.shown().is_empty(), "it is not time yet");
    bot.engine.stop(SECOND).await;
    store.hurry(Duration::from_hours(1));
    let bot = Bot::start(&store, Options::default());
    bot.platform.shows(1).await;
    assert_eq!(bot.platform.texts("ada"), ["later"]);
}
