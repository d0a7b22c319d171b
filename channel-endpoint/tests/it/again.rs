//! Calls that are made again.

use channel_endpoint::{EndpointError, retried};
use serde_json::json;

use crate::support::{StandIn, answer, answer_with};

fn busy(retry_after: &str) -> String {
    answer_with("503 Busy", &format!("Retry-After: {retry_after}\r\n"), "")
}

/// How a call ends, and how often it was made.
async fn outcome(stand_in: &StandIn, may_repeat: bool) -> (Result<(), u16>, usize) {
    let endpoint = stand_in.endpoint();
    let mut tries = 0;
    let call = || {
        tries += 1;
        endpoint.post("", &json!({})).send()
    };
    let outcome = retried(call, |_| may_repeat).await.map(|_| ()).map_err(|error| match error {
        EndpointError::Status { status, .. } => status,
        error => panic!("{error}"),
    });
    (outcome, tries)
}

#[tokio::test]
async fn what_fails_for_now_is_called_again() {
    let stand_in = StandIn::answering([&busy("0"), &answer("500 Oops", ""), &answer("200 OK", "{}")]).await;
    assert_eq!(outcome(&stand_in, true).await, (Ok(()), 3));
}

#[tokio::test]
async fn four_times_at_most() {
    let stand_in = StandIn::answering([busy("0").as_str(); 9]).await;
    assert_eq!(outcome(&stand_in, true).await, (Err(503), 4));
}

#[tokio::test]
async fn not_where_nobody_may() {
    let stand_in = StandIn::answering([busy("0").as_str(); 9]).await;
    assert_eq!(outcome(&stand_in, false).await, (Err(503), 1));
}

#[tokio::test]
async fn not_where_it_fails_for_good() {
    let stand_in = StandIn::answering([answer("404 Not Found", "").as_str(); 9]).await;
    assert_eq!(outcome(&stand_in, true).await, (Err(404), 1));
}

#[tokio::test]
async fn not_where_it_takes_long() {
    let stand_in = StandIn::answering([busy("11").as_str(); 9]).await;
    assert_eq!(outcome(&stand_in, true).await, (Err(503), 1));
}
