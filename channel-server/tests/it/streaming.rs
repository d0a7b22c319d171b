//! `?stream=true`: each reply a line as soon as it is there, and an end in every case.

use channel_core::UserMessage;
use serde_json::{Value, json};

use crate::support::{Peer, Step, ask, gated, post, puppet, server};

const PATH: &str = "/webhooks/rest/webhook?stream=true";
const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

fn line(text: &str) -> Value {
    serde_json::from_str(text.strip_suffix('\n').expect("a whole line")).unwrap()
}

#[tokio::test]
async fn each_reply_comes_as_soon_as_it_is_there() {
    let (agent, steps) = puppet();
    let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
    let mut peer = Peer::connect(server.address()).await;
    peer.send_post(PATH, HI).await;
    steps.send(Step::Say("one moment")).unwrap();
    let head = peer.head().await;
    assert_eq!((head.status, head.header("content-type")), (200, "application/x-ndjson"));
    assert_eq!(line(&peer.chunk().await.unwrap()), json!({ "recipient_id": "ada", "text": "one moment" }));
    steps.send(Step::Say("here it is")).unwrap();
    assert_eq!(line(&peer.chunk().await.unwrap())["text"], "here it is");
    steps.send(Step::End).unwrap();
    assert_eq!(peer.chunk().await, None);

    steps.send(Step::End).unwrap();
    let silent = peer.post(PATH, HI).await;
    assert_eq!((silent.status, silent.body.as_str()), (200, ""), "no replies, no lines");
}

#[tokio::test]
async fn only_the_first_value_counts_and_only_true_does() {
    let server = server("rest:").build().unwrap();
    for (query, media_type) in [
        ("stream=true", "application/x-ndjson"),
        ("stream=TRUE", "application/x-ndjson"),
        ("a=%FF&stream=%74rue", "application/x-ndjson"),
        ("stream=true&stream=false", "application/x-ndjson"),
        ("stream=false&stream=true", "application/json"),
        ("stream=1", "application/json"),
        ("stream", "application/json"),
        ("stream=", "application/json"),
        ("", "application/json"),
    ] {
        let answer = ask(&server, post(&format!("/webhooks/rest/webhook?{query}"), HI)).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{query}");
    }
}

#[tokio::test]
async fn a_failure_before_the_first_reply_is_a_failure() {
    let (agent, steps) = puppet();
    let server = server("rest:").agent(agent).build().unwrap();
    for step in [Step::Fail, Step::Panic] {
        steps.send(step).unwrap();
        ask(&server, post(PATH, HI)).await.refused(500);
    }
}

#[tokio::test]
async fn a_failure_after_the_first_reply_is_the_last_line() {
    let (agent, steps) = puppet();
    let server = server("rest:").agent(agent).build().unwrap();
    for step in [Step::Fail, Step::Panic] {
        steps.send(Step::Say("one moment")).unwrap();
        steps.send(step).unwrap();
        let answer = ask(&server, post(PATH, HI)).await;
        let lines: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answer.status, 200);
        assert_eq!(lines[0]["text"], "one moment");
        assert_eq!((lines.len(), &lines[1]["status"]), (2, &500.into()), "{answer:?}");
        assert_eq!(lines[1]["request_id"], answer.header("x-request-id"));
        assert!(lines[1]["message"].as_str().unwrap().contains("the server's log says why"));
    }
}

#[tokio::test]
async fn bad_input_is_refused_as_without_streaming() {
    let server = server("rest:").build().unwrap();
    assert_eq!(ask(&server, post(PATH, r#"{"sender": "ada"}"#)).await.field(), "message");
    ask(&server, post(PATH, "")).await.refused(400);
}

#[tokio::test]
async fn the_turn_goes_on_when_the_caller_hangs_up() {
    for body_began in [false, true] {
        let (agent, steps) = puppet();
        let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
        let mut peer = Peer::connect(server.address()).await;
        peer.send_post(PATH, HI).await;
        if body_began {
            steps.send(Step::Say("one moment")).unwrap();
            peer.head().await;
        }
        drop(peer);
        for step in [Step::Say("there is"), Step::Say("nobody"), Step::End] {
            steps.send(step).unwrap();
        }
        // The same conversation: its turn waits for the end of the one before.
        steps.send(Step::Say("next")).unwrap();
        steps.send(Step::End).unwrap();
        let next = Peer::post_to(server.address(), "/webhooks/rest/webhook", HI).await;
        assert_eq!(next.texts(), ["next"]);
    }
}

#[tokio::test]
async fn a_slow_reader_does_not_hold_up_the_turn() {
    const REPLIES: usize = 4096;
    let (gate, mut ended) = tokio::sync::mpsc::unbounded_channel();
    let agent = move |_: UserMessage| {
        let gate = gate.clone();
        async move {
            gate.send(()).unwrap();
            vec!["x".repeat(8 * 1024); REPLIES]
        }
    };
    let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
    let mut slow = Peer::connect(server.address()).await;
    slow.send_post(PATH, HI).await;
    ended.recv().await.unwrap();
    // The next turn of the conversation begins before anything is read of the first one's 32 MiB.
    let mut next = Peer::connect(server.address()).await;
    next.send_post(PATH, HI).await;
    ended.recv().await.unwrap();
    assert_eq!(slow.answer().await.body.lines().count(), REPLIES);
}

#[tokio::test]
async fn the_time_limit_counts_until_the_first_reply() {
    let (agent, mut gate) = gated();
    let server = server("rest:").agent(agent);
    let server = server.response_timeout(std::time::Duration::from_millis(50)).build().unwrap();
    let late = ask(&server, post(PATH, HI)).await;
    assert!(late.refused(503).contains("still being worked on"));
    gate.open(1);
    assert_eq!(gate.end().await, "Hi", "the turn goes on");
}
