//! Delivering to a bot, and again until it is taken.

use std::time::Duration;

use axum::http::HeaderMap;
use futures_util::future::join_all;
use reqwest::{Client, Response, redirect::Policy};
use tokio::time::{sleep, timeout};

use super::{Delivery, Outcome, Try};

/// The most bytes of an answer that are read.
const ANSWER: usize = 1024 * 1024;

/// Carries requests to the bot.
pub(crate) struct Courier {
    client: Client,
    deadline: Duration,
}

/// How often something is delivered.
pub(crate) struct Plan<'a> {
    /// By what it is known again.
    pub(crate) id: &'a str,
    /// How many arrive at once, the first time.
    pub(crate) copies: usize,
    /// How long to wait before each further try.
    pub(crate) pauses: &'a [Duration],
}

impl Courier {
    /// One whose requests have to be answered within this time.
    pub(crate) fn new(deadline: Duration) -> Result<Self, reqwest::Error> {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { client, deadline })
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Posts once.
    pub(crate) async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Outcome {
        let request = self.client.post(url).headers(headers).body(body);
        let answered = async { read(request.send().await?).await };
        match timeout(self.deadline, answered).await {
            Ok(Ok(outcome)) => outcome,
            // A bot may have a secret in its URL.
            Ok(Err(error)) => Outcome::Failed(error.without_url().to_string()),
            Err(_) => Outcome::TimedOut,
        }
    }
}

async fn read(mut response: Response) -> Result<Outcome, reqwest::Error> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= ANSWER {
            body.truncate(ANSWER);
            break;
        }
    }
    Ok(Outcome::Answered { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

impl Plan<'_> {
    /// Tries until it is taken, until `gives_up` says so, or until the pauses are used up. A try is told its number and how
    /// the one before went; `None` of it ends them, since there is nowhere to deliver to any more.
    pub(crate) async fn carry_out<F: Future<Output = Option<Outcome>>>(
        &self,
        attempt: impl Fn(u32, Option<Outcome>) -> F,
        gives_up: impl Fn(&Outcome) -> bool,
    ) -> Delivery {
        let first = join_all((0..self.copies).map(|_| attempt(0, None))).await;
        let mut delivery = Delivery::default();
        let mut keep = |number, outcome: Outcome| {
            delivery.tries.push(Try { id: self.id.to_owned(), number, outcome });
        };
        let outcomes: Vec<_> = first.into_iter().flatten().collect();
        let mut last = outcomes.iter().find(|outcome| outcome.is_taken()).or(outcomes.last()).cloned();
        for outcome in outcomes {
            keep(0, outcome);
        }
        for (number, pause) in (1..).zip(self.pauses) {
            let Some(before) = last.filter(|last| !last.is_taken() && !gives_up(last)) else { break };
            sleep(*pause).await;
            last = attempt(number, Some(before)).await;
            if let Some(outcome) = &last {
                keep(number, outcome.clone());
            }
        }
        delivery
    }
}
