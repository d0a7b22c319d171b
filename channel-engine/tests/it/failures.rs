//! Turns that fail, and callers who go away.

use std::sync::Arc;

use channel_core::{TurnError, UserMessage};
use channel_engine::Options;

use crate::support::{Broken, Chat};

fn reason(error: TurnError) -> String {
    let TurnError::Failed(cause) = error else { panic!("{error}") };
    cause.to_string()
}

#[tokio::test]
async fn a_failing_turn_leaves_its_finished_steps_and_nothing_else() {
    let chat = Chat::new(Options::default());
    chat.say("ada", "a").await.unwrap();
    for (text, said) in [("fail", "no more ideas"), ("panic", "the agent panicked")] {
        assert_eq!(reason(chat.say("ada", text).await.unwrap_err()), said);
        assert_eq!(chat.kept("ada").await.unwrap(), "a", "{text}");
    }
    let output = chat.on_new_message.collector();
    let turn = chat.on_new_message.handle(UserMessage::new("flush fail", "ada"), output.clone());
    assert_eq!(reason(turn.await.unwrap_err()), "no more ideas");
    assert_eq!(crate::support::texts(&output), ["a, flush fail"], "the finished step was sent");
    assert_eq!(chat.kept("ada").await.unwrap(), "a, flush fail");
    assert_eq!(chat.say("ada", "b").await.unwrap(), ["a, flush fail, b"]);
    crate::support::is_idle(&chat.engine).await;
}

#[tokio::test]
async fn a_failing_turn_lets_those_behind_it_go_on() {
    let chat = Chat::new(Options::default());
    let first = tokio::spawn(chat.say("ada", "wait panic"));
    chat.script.waits().await;
    let second = tokio::spawn(chat.say("ada", "b"));
    chat.script.go_on();
    assert_eq!(reason(first.await.unwrap().unwrap_err()), "the agent panicked");
    assert_eq!(second.await.unwrap().unwrap(), ["b"]);
}

#[tokio::test]
async fn replies_that_cannot_be_sent_fail_the_turn_which_is_kept() {
    let chat = Chat::new(Options::default());
    let message = UserMessage::new("Hi", "ada").with_message_id("1");
    let turn = chat.on_new_message.handle(message.clone(), Arc::new(Broken));
    assert_eq!(reason(turn.await.unwrap_err()), "no such chat");
    assert_eq!(chat.kept("ada").await.unwrap(), "Hi");
    assert_eq!(chat.deliver(message).await.unwrap(), ["Hi"], "sent again, without a second turn");
    assert_eq!(chat.kept("ada").await.unwrap(), "Hi");
}

#[tokio::test]
async fn a_turn_goes_on_without_its_caller() {
    let chat = Chat::new(Options::default());
    let caller = tokio::spawn(chat.say("ada", "wait"));
    chat.script.waits().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    assert_eq!(chat.engine.tasks().len(), 1, "it is still at work");
    // Neither awaited nor begun, it has its turn all the same.
    drop(chat.say("ada", "b"));
    let next = tokio::spawn(chat.say("ada", "c"));
    chat.script.go_on();
    assert_eq!(next.await.unwrap().unwrap(), ["wait, b, c"]);
}
