//! One request through a generated connector's router, against the same connector by hand in axum.
//!
//! ```text
//! cargo run --release -p channel-benches --bin request
//! ```

use std::{error::Error, hint::black_box, time::Instant};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use channel_benches::{
    connector::{ANSWER, BODY, by_hand, generated},
    figures::{median, print_table, ratio},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

const ROUNDS: usize = 1500;
const BATCH: u32 = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let (generated, by_hand) = (generated::router(), by_hand::router(""));
    let mut nanoseconds = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        // Each goes first every other time.
        for turn in 0..2 {
            let which = (round + turn) % 2;
            let router = if which == 0 { &generated } else { &by_hand };
            nanoseconds[which].push(batch(router).await?);
        }
    }
    let [generated, by_hand] = nanoseconds;
    let (ratio, (low, high)) = ratio(&generated, &by_hand);
    print_table(
        &["connector", "ns/request, median"],
        &[
            vec!["generated".to_owned(), format!("{:.0}", median(&generated))],
            vec!["by hand in axum".to_owned(), format!("{:.0}", median(&by_hand))],
        ],
    );
    println!("ratio {ratio:.3} (quartiles {low:.3} to {high:.3}); goal: at most 1.05");
    Ok(())
}

/// The time per request. Making the requests is not measured; reading the answers is.
async fn batch(router: &Router) -> Outcome<f64> {
    let requests = (0..BATCH).map(|_| request()).collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    for request in requests {
        let response = router.clone().oneshot(request).await?;
        let answer = response.into_body().collect().await?.to_bytes();
        if *black_box(&answer) != *ANSWER.as_bytes() {
            return Err(format!("unexpected answer: {}", String::from_utf8_lossy(&answer)).into());
        }
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH))
}

fn request() -> Outcome<Request<Body>> {
    Ok(Request::post("/webhook")
        .header(header::HOST, "localhost:5005")
        .header(header::USER_AGENT, "bench")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, BODY.len())
        .body(Body::from(BODY))?)
}
