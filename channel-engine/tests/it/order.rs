//! One after the other in a conversation, conversations side by side.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use channel_core::{Agent, AgentError, CollectingOutputChannel, Event, Turn, UserMessage, async_trait};
use channel_engine::{Engine, MemoryStore, Options};

use crate::support::{Chat, Random, in_chat, said, texts, visit, way_in};

const CONVERSATIONS: usize = 2_000;
const MESSAGES: usize = 20;

/// Works for a time that looks random, and looks whether somebody else works in its conversation.
struct Busy(HashMap<String, AtomicBool>);

#[async_trait]
impl Agent for Busy {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let message = turn.message();
        let is_busy = &self.0[&message.sender_id];
        assert!(!is_busy.swap(true, Ordering::SeqCst), "two turns at once");
        turn.tracker_mut().apply(Event::action(format!("{}/{}", message.sender_id, message.text)));
        let mut random =
            Random(message.text.parse::<u64>().unwrap() * 7 + u64::from(message.sender_id.len() > 3));
        for _ in 0..random.below(8) {
            tokio::task::yield_now().await;
        }
        turn.reply(message.text.clone());
        is_busy.store(false, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_of_a_conversation_run_in_the_order_of_the_calls_and_never_at_once() {
    let senders: Vec<_> = (0..CONVERSATIONS).map(|number| number.to_string()).collect();
    let agent = Busy(senders.iter().map(|sender| (sender.clone(), AtomicBool::default())).collect());
    let options = Options { waiting: CONVERSATIONS * MESSAGES, warm: 100, ..Options::default() };
    let engine = Engine::new(Arc::new(agent), Arc::new(MemoryStore::default()), options);
    let on_new_message = way_in(&engine, &Arc::new(CollectingOutputChannel::new("chat")));

    let mut turns = Vec::new();
    for number in 0..MESSAGES {
        for sender in &senders {
            let output = on_new_message.collector();
            let message = UserMessage::new(number.to_string(), sender);
            turns.push((number, output.clone(), on_new_message.handle(message, output)));
        }
    }
    // Which of them is awaited first must not matter.
    let mut random = Random(1);
    for last in (1..turns.len()).rev() {
        turns.swap(last, random.below(last + 1));
    }
    let tasks: Vec<_> = turns
        .into_iter()
        .map(|(number, output, turn)| tokio::spawn(async move { (number, output, turn.await) }))
        .collect();
    for task in tasks {
        let (number, output, result) = task.await.unwrap();
        result.unwrap();
        assert_eq!(texts(&output), [number.to_string()]);
    }
    for sender in &senders {
        let tracker = engine.tracker(&in_chat(sender)).await.unwrap().unwrap();
        let expected: Vec<_> = (0..MESSAGES).map(|number| format!("{sender}/{number}")).collect();
        assert_eq!(said(&tracker), expected.join(", "));
    }
    crate::support::is_idle(&engine).await;
}

#[tokio::test]
async fn a_conversation_that_waits_holds_up_no_other() {
    let chat = Chat::new(Options::default());
    let first = tokio::spawn(chat.say("ada", "wait"));
    chat.script.waits().await;
    let second = tokio::spawn(chat.say("ada", "b"));
    assert_eq!(chat.say("bob", "Hi").await.unwrap(), ["Hi"]);
    assert!(!second.is_finished());
    chat.script.go_on();
    assert_eq!(first.await.unwrap().unwrap(), ["wait"]);
    assert_eq!(second.await.unwrap().unwrap(), ["wait, b"]);
}

#[tokio::test]
async fn work_from_outside_waits_for_its_turn_too() {
    let chat = Chat::new(Options::default());
    let output = Arc::new(CollectingOutputChannel::new("chat"));
    let a = tokio::spawn(chat.say("ada", "wait"));
    chat.script.waits().await;
    // Awaited from the last to the first; what counts is the order of the calls.
    let b = chat.engine.visit(visit("ada", "b", &output), |agent, turn| agent.handle(turn));
    let replaced = chat.engine.replace(in_chat("ada"), vec![Event::action("replaced")]);
    let c = chat.engine.visit(visit("ada", "c", &output), |agent, turn| agent.handle(turn));
    let removed = chat.engine.remove(in_chat("ada"));
    let removed_again = chat.engine.remove(in_chat("ada"));
    let d = chat.say("ada", "d");
    let d = tokio::spawn(d);
    let removed_again = tokio::spawn(removed_again);
    let removed = tokio::spawn(removed);
    let c = tokio::spawn(c);
    let replaced = tokio::spawn(replaced);
    let b = tokio::spawn(b);
    chat.script.go_on();

    assert_eq!(a.await.unwrap().unwrap(), ["wait"]);
    assert_eq!(said(&b.await.unwrap().unwrap().tracker), "wait, b");
    assert_eq!(said(&replaced.await.unwrap().unwrap()), "replaced");
    assert_eq!(said(&c.await.unwrap().unwrap().tracker), "replaced, c");
    assert!(removed.await.unwrap().unwrap());
    assert!(!removed_again.await.unwrap().unwrap());
    assert_eq!(d.await.unwrap().unwrap(), ["d"], "it begins anew");
    assert_eq!(texts(&output), ["wait, b", "replaced, c"]);
}

#[tokio::test]
async fn many_idle_conversations_cost_no_task() {
    let chat = Chat::new(Options { warm: 10, ..Options::default() });
    for number in 0..5_000 {
        chat.say(&number.to_string(), "Hi").await.unwrap();
    }
    crate::support::is_idle(&chat.engine).await;
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
    assert_eq!(chat.say("7", "again").await.unwrap(), ["Hi, again"]);
}
