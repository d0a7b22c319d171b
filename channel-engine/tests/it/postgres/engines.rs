//! Engines of several servers, on one database.

use std::{sync::Arc, time::Duration};

use channel_core::CollectingOutputChannel;
use channel_engine::{Engine, Options};
use tokio::time::{Instant, timeout};

use super::support::Shared;
use crate::support::{Chat, Script, visit, way_in};

/// What is told is there long before a server looks by itself, which is every second.
const AT_ONCE: Duration = Duration::from_millis(700);

async fn serve(shared: &Shared, script: &Script) -> Chat {
    let store = Arc::new(shared.open().await);
    let engine = Engine::new(Arc::new(script.clone()), store, Options::default());
    let sent = Arc::new(CollectingOutputChannel::new("chat"));
    let on_new_message = way_in(&engine, &sent);
    engine.start();
    Chat { engine, script: script.clone(), sent, on_new_message }
}

#[tokio::test]
async fn who_waits_elsewhere_is_told_as_soon_as_the_holder_has_answered() {
    let Some(shared) = Shared::new() else { return };
    let (one, other) = (Script::default(), Script::default());
    let (holder, asked) = (serve(&shared, &one).await, serve(&shared, &other).await);
    let first = tokio::spawn(holder.say("ada", "wait"));
    one.waits().await;

    let mut second = tokio::spawn(asked.say("ada", "b"));
    timeout(Duration::from_millis(200), &mut second).await.expect_err("the holder is busy");
    let since = Instant::now();
    one.go_on();
    assert_eq!(first.await.unwrap().unwrap(), ["wait"]);
    assert_eq!(second.await.unwrap().unwrap(), ["wait, b"]);
    assert!(since.elapsed() < AT_ONCE, "{:?}", since.elapsed());
    assert_eq!(one.begun(), ["wait", "b"]);
    assert!(other.begun().is_empty());
}

#[tokio::test]
async fn a_visited_conversation_goes_on_with_what_others_accept() {
    let Some(shared) = Shared::new() else { return };
    let (one, other) = (Script::default(), Script::default());
    let (holder, asked) = (serve(&shared, &one).await, serve(&shared, &other).await);
    let output = Arc::new(CollectingOutputChannel::new("chat"));
    let visiting = holder.engine.visit(visit("ada", "wait", &output), |agent, turn| agent.handle(turn));
    let visiting = tokio::spawn(visiting);
    one.waits().await;
    let mut second = tokio::spawn(asked.say("ada", "b"));
    timeout(Duration::from_millis(200), &mut second).await.expect_err("the holder is busy");
    let since = Instant::now();
    one.go_on();
    assert!(visiting.await.unwrap().is_ok());
    assert_eq!(second.await.unwrap().unwrap(), ["wait, b"]);
    assert!(since.elapsed() < AT_ONCE, "{:?}", since.elapsed());
}
