//! One request through a generated connector's router, against the same connector by hand in axum.
//!
//! ```text
//! cargo run --release -p channel-benches --bin request
//! ```
//!
//! The whole server, without sockets, runs beside them: limits, lanes and the turn included. With `generated`, `by_hand`
//! or `server` as argument that one runs alone, for a profiler.

use std::{env, error::Error, hint::black_box, time::Instant};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use channel_benches::{
    connector::{
        ANSWER, BODY, by_hand,
        generated::{self, MyIo},
    },
    figures::{median, print_table, ratio},
};
use channel_core::UserMessage;
use channel_server::Server;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

const ROUNDS: usize = 1500;
const BATCH: u32 = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let contestants = contestants()?;
    if let Some(name) = env::args().nth(1) {
        let alone = contestants.iter().find(|contestant| contestant.name == name);
        return profile(alone.ok_or("there is no contestant of this name")?).await;
    }
    let mut nanoseconds = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        // Each goes first every third time.
        for turn in 0..3 {
            let which = (round + turn) % 3;
            nanoseconds[which].push(contestants[which].batch().await?);
        }
    }
    let by_hand = &nanoseconds[0];
    let rows = contestants.iter().zip(&nanoseconds).map(|(contestant, nanoseconds)| {
        let (ratio, (low, high)) = ratio(nanoseconds, by_hand);
        let nanoseconds = format!("{:.0}", median(nanoseconds));
        vec![contestant.name.to_owned(), nanoseconds, format!("{ratio:.3} ({low:.3} to {high:.3})")]
    });
    print_table(&["connector", "ns/request, median", "ratio (quartiles)"], &rows.collect::<Vec<_>>());
    println!("goal: generated at most 1.05");
    Ok(())
}

async fn profile(contestant: &Contestant) -> Outcome<()> {
    for _ in 0..100 {
        contestant.batch().await?;
    }
    println!("{} requests", 100 * BATCH);
    Ok(())
}

struct Contestant {
    name: &'static str,
    path: &'static str,
    answers: Answers,
}

enum Answers {
    Router(Router),
    Server(Server),
}

fn contestants() -> Outcome<[Contestant; 3]> {
    let server = Server::builder()
        .channel(MyIo::example())
        .agent(|message: UserMessage| async move { format!("You said: {}", message.text) })
        .build()?;
    Ok([
        Contestant { name: "by_hand", path: "/webhook", answers: Answers::Router(by_hand::router("")) },
        Contestant { name: "generated", path: "/webhook", answers: Answers::Router(generated::router()) },
        Contestant { name: "server", path: "/webhooks/myio/webhook", answers: Answers::Server(server) },
    ])
}

impl Contestant {
    /// The time per request. Making the requests is not measured; reading the answers is.
    async fn batch(&self) -> Outcome<f64> {
        let requests = (0..BATCH).map(|_| request(self.path)).collect::<Result<Vec<_>, _>>()?;
        let start = Instant::now();
        for request in requests {
            let response = match &self.answers {
                Answers::Router(router) => router.clone().oneshot(request).await?,
                Answers::Server(server) => server.answer(request).await,
            };
            let answer = response.into_body().collect().await?.to_bytes();
            if *black_box(&answer) != *ANSWER.as_bytes() {
                return Err(format!("unexpected answer: {}", String::from_utf8_lossy(&answer)).into());
            }
        }
        Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH))
    }
}

fn request(path: &str) -> Outcome<Request<Body>> {
    Ok(Request::post(path)
        .header(header::HOST, "localhost:5005")
        .header(header::USER_AGENT, "bench")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, BODY.len())
        .body(Body::from(BODY))?)
}
