//! Messages that come again.

use channel_core::UserMessage;
use channel_engine::Options;

use crate::support::{Chat, texts};

fn message(text: &str) -> UserMessage {
    UserMessage::new(text, "ada").with_message_id("1")
}

#[tokio::test]
async fn a_message_that_comes_again_gets_the_first_turns_replies() {
    let chat = Chat::new(Options::default());
    let first = chat.deliver(message("flush")).await.unwrap();
    assert_eq!(first, ["flush", "after"]);
    chat.say("ada", "b").await.unwrap();
    assert_eq!(chat.deliver(message("flush")).await.unwrap(), first);
    assert_eq!(chat.kept("ada").await.unwrap(), "flush, after, b");
}

#[tokio::test]
async fn a_message_that_comes_again_while_it_is_answered_waits_for_the_replies() {
    let chat = Chat::new(Options::default());
    let first = tokio::spawn(chat.deliver(message("wait")));
    chat.script.waits().await;
    let again: Vec<_> = (0..10).map(|_| tokio::spawn(chat.deliver(message("wait")))).collect();
    chat.script.go_on();
    assert_eq!(first.await.unwrap().unwrap(), ["wait"]);
    for again in again {
        assert_eq!(again.await.unwrap().unwrap(), ["wait"]);
    }
    assert_eq!(chat.kept("ada").await.unwrap(), "wait");
}

#[tokio::test]
async fn whichever_is_awaited_first_the_one_that_came_first_is_answered() {
    let chat = Chat::new(Options::default());
    let first = chat.deliver(message("Hi"));
    let again = tokio::spawn(chat.deliver(message("Hi")));
    // It has begun to wait.
    tokio::task::yield_now().await;
    assert_eq!(first.await.unwrap(), ["Hi"]);
    assert_eq!(again.await.unwrap().unwrap(), ["Hi"]);
    assert_eq!(chat.kept("ada").await.unwrap(), "Hi");
}

#[tokio::test]
async fn a_message_whose_turn_failed_is_new_when_it_comes_again() {
    let chat = Chat::new(Options::default());
    let first = tokio::spawn(chat.deliver(message("wait fail")));
    chat.script.waits().await;
    let meanwhile = tokio::spawn(chat.deliver(message("Hi")));
    chat.script.go_on();
    first.await.unwrap().unwrap_err();
    assert_eq!(meanwhile.await.unwrap().unwrap(), ["Hi"]);
    assert_eq!(chat.deliver(message("Hi")).await.unwrap(), ["Hi"]);
    assert_eq!(chat.kept("ada").await.unwrap(), "Hi");
}

#[tokio::test]
async fn an_accepted_message_has_one_turn_which_nobody_waits_for() {
    let chat = Chat::new(Options::default());
    for _ in 0..3 {
        chat.on_new_message.accept(message("wait")).await.unwrap();
    }
    chat.script.waits().await;
    assert_eq!(texts(&chat.sent), [""; 0]);
    chat.script.go_on();
    assert_eq!(chat.say("ada", "b").await.unwrap(), ["wait, b"]);
    assert_eq!(texts(&chat.sent), ["wait"]);
    crate::support::is_idle(&chat.engine).await;
}

#[tokio::test]
async fn messages_without_an_id_are_no_duplicates_of_each_other() {
    let chat = Chat::new(Options::default());
    for text in ["a", "b"] {
        chat.on_new_message.accept(UserMessage::new(text, "ada").with_message_id("")).await.unwrap();
    }
    let third = UserMessage::new("c", "ada").with_message_id("");
    assert_eq!(chat.deliver(third).await.unwrap(), ["a, b, c"]);
}
