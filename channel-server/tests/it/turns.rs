//! Turns: in order within a conversation, side by side otherwise, and never cut short.

use std::{collections::HashMap, time::Duration};

use channel_core::UserMessage;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

use crate::support::{Peer, ask, gated, in_time, logged, post, sent, server};

const REST: &str = "/webhooks/rest/webhook";
const PLATFORM: &str = "/webhooks/platform/webhook";

fn message(sender: &str, text: &str) -> String {
    json!({ "sender": sender, "message": text }).to_string()
}

fn batch(sender: &str, texts: impl Iterator<Item = usize>) -> String {
    let batch: Vec<_> = texts.map(|text| json!({ "sender": sender, "message": text.to_string() })).collect();
    json!(batch).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_conversation_keeps_its_order_whatever_its_turns_take() {
    const CONVERSATIONS: usize = 20;
    const MESSAGES: usize = 50;
    let (heard, mut all) = unbounded_channel();
    let agent = move |message: UserMessage| {
        let heard = heard.clone();
        async move {
            let number: usize = message.text.parse().unwrap();
            // Scattered, and the same in every run.
            tokio::time::sleep(Duration::from_micros((number * 7919 % 13) as u64 * 50)).await;
            heard.send((message.sender_id, number)).unwrap();
        }
    };
    let server = server("platform:").agent(agent).build().unwrap();
    for round in 0..MESSAGES / 10 {
        for conversation in 0..CONVERSATIONS {
            let body = batch(&conversation.to_string(), round * 10..(round + 1) * 10);
            assert_eq!(ask(&server, post(PLATFORM, body)).await.status, 202);
        }
    }
    let mut heard = HashMap::<String, Vec<usize>>::new();
    for _ in 0..CONVERSATIONS * MESSAGES {
        let (sender, number) = in_time(all.recv()).await.unwrap();
        heard.entry(sender).or_default().push(number);
    }
    for (sender, numbers) in heard {
        assert_eq!(numbers, (0..MESSAGES).collect::<Vec<_>>(), "conversation {sender}");
    }
}

#[tokio::test]
async fn a_conversation_waits_for_itself_only() {
    let (agent, mut gate) = gated();
    let server = server("rest:\nopen:\nplatform:").agent(agent).build().unwrap();
    ask(&server, post(PLATFORM, batch("ada", 1..3))).await;
    assert_eq!(gate.begin().await, "1");
    ask(&server, post(PLATFORM, batch("bob", 7..8))).await;
    assert_eq!(gate.begin().await, "7", "another sender");
    let elsewhere = ask(&server, post("/webhooks/open/webhook", message("ada", "the same id elsewhere")));
    let rest_of_test = async {
        assert_eq!(gate.begin().await, "the same id elsewhere", "another channel");
        gate.open(3);
        assert_eq!(gate.begin().await, "2", "only after the first");
        gate.open(1);
    };
    tokio::join!(elsewhere, rest_of_test);
}

#[tokio::test]
async fn instances_of_a_channel_have_conversations_of_their_own() {
    let (agent, mut gate) = gated();
    let server = server("platform: { instances: { a: , b: } }").agent(agent).build().unwrap();
    ask(&server, post("/webhooks/platform/a/webhook", batch("ada", 1..2))).await;
    ask(&server, post("/webhooks/platform/b/webhook", batch("ada", 2..3))).await;
    let mut begun = [gate.begin().await, gate.begin().await];
    begun.sort();
    assert_eq!(begun, ["1", "2"]);
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_cancel_its_turn() {
    let (agent, mut gate) = gated();
    let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
    let mut first = Peer::connect(server.address()).await;
    first.send_post(REST, &message("ada", "one")).await;
    assert_eq!(gate.begin().await, "one");
    let mut second = Peer::connect(server.address()).await;
    second.send_post(REST, &message("ada", "two")).await;
    drop((first, second));
    gate.open(1);
    assert_eq!(gate.end().await, "one");
    assert_eq!(gate.begin().await, "two", "also one that was still waiting");
    gate.open(1);
    assert_eq!(gate.end().await, "two");
}

#[tokio::test]
async fn after_the_time_limit_the_turn_goes_on() {
    let (agent, mut gate) = gated();
    let server = server("rest:").agent(agent).response_timeout(Duration::from_millis(50)).build().unwrap();
    let late = ask(&server, post(REST, message("ada", "one"))).await;
    assert!(late.refused(503).contains("no answer within 0.05 s"));
    assert_eq!(gate.begin().await, "one");
    gate.open(1);
    assert_eq!(gate.end().await, "one");
}

#[tokio::test]
async fn an_accepted_message_is_answered_through_the_output() {
    let (agent, mut gate) = gated();
    let server = server("platform:").agent(agent).build().unwrap();
    let mut sent = sent();
    let answer = ask(&server, post(PLATFORM, batch("answered later", 1..2))).await;
    assert_eq!(answer.status, 202, "before the turn has ended");
    gate.begin().await;
    gate.open(1);
    let text = loop {
        let (to, text) = in_time(sent.recv()).await.unwrap();
        if to == "answered later" {
            break text;
        }
    };
    assert_eq!(text, "1");
}

#[tokio::test]
async fn without_an_output_nothing_is_accepted() {
    let server = server("mute:").build().unwrap();
    let answer = ask(&server, post("/webhooks/mute/webhook", message("ada", "Hi"))).await;
    answer.refused(500);
    let log = logged(answer.header("x-request-id"));
    assert!(log.iter().any(|line| line.contains("`#[output]`")), "the log says why: {log:?}");
}

#[tokio::test]
async fn an_accepted_message_whose_turn_fails_is_logged_with_its_request() {
    let agent = |_: UserMessage| async { Err::<(), _>("the string broke") };
    let server = server("platform:").agent(agent).build().unwrap().start().await.unwrap();
    let answer = Peer::post_to(server.address(), PLATFORM, &batch("ada", 1..2)).await;
    server.stop().await;
    let log = logged(answer.header("x-request-id"));
    assert!(log.iter().any(|line| line.contains("turn failed") && line.contains("string broke")), "{log:?}");
}
