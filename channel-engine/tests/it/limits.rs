//! How much an engine takes on, and its end.

use channel_core::{TurnError, UserMessage};
use channel_engine::Options;

use crate::support::{Chat, in_chat, said};

#[tokio::test]
async fn what_there_is_no_room_for_is_refused() {
    let chat = Chat::new(Options { waiting: 2, ..Options::default() });
    let first = tokio::spawn(chat.say("ada", "wait"));
    chat.script.waits().await;
    let second = chat.say("ada", "b");
    for sender in ["ada", "bob"] {
        assert!(matches!(chat.say(sender, "c").await, Err(TurnError::Busy)));
    }
    let accepted = chat.on_new_message.accept(UserMessage::new("c", "bob")).await;
    assert!(matches!(accepted, Err(TurnError::Busy)));
    assert!(matches!(chat.engine.remove(in_chat("ada")).await, Err(TurnError::Busy)));
    chat.script.go_on();
    first.await.unwrap().unwrap();
    assert_eq!(second.await.unwrap(), ["wait, b"]);
    assert_eq!(chat.say("bob", "c").await.unwrap(), ["c"], "there is room again");
}

#[tokio::test]
async fn at_the_end_what_was_taken_on_is_done_and_nothing_else_is_taken() {
    let chat = Chat::new(Options::default());
    let first = tokio::spawn(chat.say("ada", "wait"));
    chat.script.waits().await;
    chat.on_new_message.accept(UserMessage::new("b", "ada")).await.unwrap();
    drop(chat.say("ada", "c"));
    chat.engine.tasks().close();
    assert!(matches!(chat.say("bob", "d").await, Err(TurnError::ShuttingDown)));
    let replaced = chat.engine.replace(in_chat("ada"), Vec::new()).await;
    assert!(matches!(replaced, Err(TurnError::ShuttingDown)));
    chat.script.go_on();
    chat.engine.tasks().wait().await;
    first.await.unwrap().unwrap();
    let tracker = chat.engine.tracker(&in_chat("ada")).await.unwrap().unwrap();
    assert_eq!(said(&tracker), "wait, b, c");
}
