//! A stand-in for the Web API.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use channel_core::{
    OutputChannel, Recipient,
    axum::{
        Router,
        body::{Body, Bytes},
        http::{HeaderMap, Uri},
        response::Response,
        serve,
    },
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::channel;

/// How it answers a call.
pub(super) enum Reaction {
    /// With this status, and this `Retry-After` where there is one.
    Answer(u16, Option<u32>, Value),
    /// Takes it, and breaks the connection.
    Break,
}

/// A refusal, which Slack gives with a status of success.
pub(super) fn refusal(code: &str) -> Reaction {
    Reaction::Answer(200, None, json!({ "ok": false, "error": code }))
}

/// A call as it came.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

/// Reacts as it is told to, in order, then takes everything; and keeps what it was called with.
pub(super) struct WebApi {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl WebApi {
    pub(super) async fn reacting(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let reactions = Arc::new(Mutex::new(VecDeque::from_iter(reactions)));
        let kept = Arc::clone(&calls);
        let react = async move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let body = serde_json::from_slice(&body).unwrap();
            let mut kept = kept.lock().unwrap();
            kept.push(Call { path: uri.path().to_owned(), headers, body });
            answer(reactions.lock().unwrap().pop_front(), kept.len())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { serve(listener, Router::new().fallback(react)).await });
        Self { address, calls }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    /// What the channel, with these keys in its credentials, writes to somebody through.
    pub(super) fn output(&self, more: &Value, to: &Recipient) -> Arc<dyn OutputChannel> {
        let mut keys = more.clone();
        keys["api_url"] = self.url().into();
        channel(&keys).output_channel(to).expect("it has an output")
    }

    /// The calls since the last look.
    pub(super) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// Their bodies.
    pub(super) fn bodies(&self) -> Vec<Value> {
        self.calls().into_iter().map(|call| call.body).collect()
    }
}

fn answer(reaction: Option<Reaction>, number: usize) -> Response {
    let ok = || Reaction::Answer(200, None, json!({ "ok": true, "ts": format!("1760000004.00000{number}") }));
    match reaction.unwrap_or_else(ok) {
        Reaction::Answer(status, retry_after, body) => {
            let mut response = Response::builder().status(status).header("content-type", "application/json");
            if let Some(seconds) = retry_after {
                response = response.header("retry-after", seconds);
            }
            response.body(Body::from(body.to_string())).unwrap()
        }
        Reaction::Break => {
            let broken = stream::once(async { Err::<Bytes, _>(io::Error::other("broken")) });
            Response::new(Body::from_stream(broken))
        }
    }
}
