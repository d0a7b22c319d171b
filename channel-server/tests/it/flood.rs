//! Many at a time: everybody is answered or refused, and afterwards the server is as it was.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Peer, gated, server};

const REST: &str = "/webhooks/rest/webhook";

fn message(number: usize) -> String {
    json!({ "sender": (number % 50).to_string(), "message": number.to_string() }).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_the_answer_to_their_own_message() {
    let server = server("rest:").build().unwrap().start().await.unwrap();
    let address = server.address();
    let mut peers = JoinSet::new();
    for peer in 0..200 {
        peers.spawn(async move {
            let mut connection = Peer::connect(address).await;
            for request in 0..10 {
                let number = peer * 10 + request;
                assert_eq!(connection.post(REST, &message(number)).await.texts(), [number.to_string()]);
            }
        });
    }
    peers.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_that_hang_up_leave_nothing_behind_but_their_turns() {
    const CALLERS: usize = 300;
    let (agent, mut gate) = gated();
    let server = server("rest:").agent(agent).build().unwrap().start().await.unwrap();
    for number in 0..CALLERS {
        let mut caller = Peer::connect(server.address()).await;
        caller.send_post(REST, &json!({ "sender": number.to_string(), "message": "Hi" }).to_string()).await;
        gate.begin().await;
    }
    gate.open(CALLERS);
    for _ in 0..CALLERS {
        gate.end().await;
    }
    gate.open(1);
    assert_eq!(Peer::post_to(server.address(), REST, &message(7)).await.texts(), ["7"]);
}
