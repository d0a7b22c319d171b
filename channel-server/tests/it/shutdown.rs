//! The end of a server that is part of another program. What signals do is tested where the binaries are: `tests/crates`.

use std::time::Duration;

use channel_server::Limits;
use serde_json::json;
use tokio::net::TcpStream;

use crate::support::{Gate, Peer, gated, in_time, server};

const REST: &str = "/webhooks/rest/webhook";
const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

#[tokio::test]
async fn running_requests_are_finished_and_new_ones_refused() {
    let (agent, mut gate) = gated();
    let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
    let address = server.address();
    let mut idle = Peer::connect(address).await;
    idle.get("/").await;
    let mut silent = Peer::connect(address).await;
    let mut running = Peer::connect(address).await;
    running.send_post(REST, HI).await;
    gate.begin().await;
    let stopping = tokio::spawn(server.stop());
    assert_eq!(idle.rest().await, "", "closed");
    assert_eq!(silent.rest().await, "", "closed");
    assert!(TcpStream::connect(address).await.is_err());
    gate.open(1);
    let answer = running.answer().await;
    assert_eq!(answer.texts(), ["Hi"]);
    assert_eq!(answer.header("connection"), "close");
    in_time(stopping).await.unwrap();
}

#[tokio::test]
async fn an_accepted_message_is_answered_before_the_end() {
    let (agent, mut gate) = gated();
    let server = server("platform:").agent(agent).build().unwrap().start().await.unwrap();
    let batch = json!([{ "sender": "ada", "message": "one" }, { "sender": "ada", "message": "two" }]);
    let answer = Peer::post_to(server.address(), "/webhooks/platform/webhook", &batch.to_string()).await;
    assert_eq!(answer.status, 202);
    ends_after_its_turns(server.stop(), &mut gate, &["one", "two"]).await;
}

#[tokio::test]
async fn a_turn_whose_caller_hung_up_is_finished_before_the_end() {
    for path in [REST, "/webhooks/rest/webhook?stream=true"] {
        let (agent, mut gate) = gated();
        let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
        let mut caller = Peer::connect(server.address()).await;
        caller.send_post(path, HI).await;
        gate.begin().await;
        drop(caller);
        ends_after_its_turns(server.stop(), &mut gate, &["Hi"]).await;
    }
}

/// The stop waits for these turns.
async fn ends_after_its_turns(stop: impl Future<Output = ()>, gate: &mut Gate, texts: &[&str]) {
    gate.open(texts.len());
    in_time(stop).await;
    for text in texts {
        assert_eq!(gate.ended.try_recv().as_deref(), Ok(*text));
    }
}

#[tokio::test]
async fn what_does_not_end_is_left_after_the_grace_time() {
    let (agent, mut gate) = gated();
    let mut limits = Limits::default();
    limits.grace = Duration::from_millis(50);
    let server = server("rest:").agent(agent).limits(limits).build().unwrap().start().await.unwrap();
    let mut stuck = Peer::connect(server.address()).await;
    stuck.send_post(REST, HI).await;
    gate.begin().await;
    in_time(server.stop()).await;
    assert_eq!(stuck.rest().await, "", "its connection is closed");
}

#[tokio::test]
async fn half_a_request_does_not_hold_up_the_end() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut half = Peer::connect(server.address()).await;
    half.get("/").await;
    half.send("POST /webhooks/rest/webhook HTTP/1.1\r\nHost: te").await;
    in_time(server.stop()).await;
    assert_eq!(half.rest().await, "");
}

#[tokio::test]
async fn a_dropped_server_stops() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let mut idle = Peer::connect(server.address()).await;
    idle.get("/").await;
    drop(server);
    assert_eq!(idle.rest().await, "");
}

#[tokio::test]
async fn a_dropped_server_stops_at_once_but_for_the_turns() {
    let (agent, mut gate) = gated();
    let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
    let mut running = Peer::connect(server.address()).await;
    running.send_post(REST, HI).await;
    gate.begin().await;
    drop(server);
    assert_eq!(running.rest().await, "");
    gate.open(1);
    assert_eq!(gate.end().await, "Hi");
}
