//! A stand-in for the Bot API.

use std::{
    collections::VecDeque,
    future::pending,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use channel_core::{
    OutputChannel, Recipient,
    axum::{
        Router,
        body::{Body, Bytes},
        http::Uri,
        response::Response,
        serve,
    },
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use super::support::{TOKEN, channel};

/// How it answers a call.
pub(super) enum Reaction {
    /// With this status, and this `Retry-After` where there is one.
    Answer(u16, Option<u32>, Value),
    /// With what is no JSON.
    Text(&'static str),
    /// Takes it, and breaks the connection.
    Break,
    /// Never.
    Wait,
}

/// `ok`, with this result.
pub(super) fn result(result: impl Into<Value>) -> Reaction {
    Reaction::Answer(200, None, json!({ "ok": true, "result": result.into() }))
}

/// A refusal, which Telegram gives with its code as the status.
pub(super) fn refusal(code: u16, description: &str, parameters: &Value) -> Reaction {
    let body =
        json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters });
    Reaction::Answer(code, None, body)
}

/// A call as it came.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) body: Value,
}

type Scripts = Arc<Mutex<Vec<(&'static str, VecDeque<Reaction>)>>>;

/// Reacts as it is told to, in order for each method, then takes everything; and shows what it was called with.
pub(super) struct BotApi {
    address: SocketAddr,
    scripts: Scripts,
    calls: mpsc::UnboundedReceiver<Call>,
}

impl BotApi {
    pub(super) async fn new() -> Self {
        let scripts = Scripts::default();
        let (sender, calls) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let known = Arc::clone(&scripts);
        let react = async move |uri: Uri, body: Bytes| {
            let prefix = format!("/bot{TOKEN}/");
            let method = uri.path().strip_prefix(&prefix).expect("the token stands in the path").to_owned();
            let reaction = next(&known, &method);
            sender.send(Call { method, body: serde_json::from_slice(&body).unwrap() }).unwrap();
            answer(reaction).await
        };
        tokio::spawn(async move { serve(listener, Router::new().fallback(react)).await });
        Self { address, scripts, calls }
    }

    /// One that reacts so to calls of this method.
    pub(super) async fn reacting(
        method: &'static str,
        reactions: impl IntoIterator<Item = Reaction>,
    ) -> Self {
        Self::new().await.and(method, reactions)
    }

    pub(super) fn and(self, method: &'static str, reactions: impl IntoIterator<Item = Reaction>) -> Self {
        self.scripts.lock().unwrap().push((method, reactions.into_iter().collect()));
        self
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// These keys, and its address.
    pub(super) fn keys(&self, more: &Value) -> Value {
        let mut keys = more.clone();
        keys["api_url"] = self.url().into();
        keys
    }

    /// What the channel, with these keys in its credentials, writes to somebody through.
    pub(super) fn output(&self, more: &Value, to: &Recipient) -> Arc<dyn OutputChannel> {
        channel(&self.keys(more)).output_channel(to).expect("it has an output")
    }

    /// The next call, once it is there.
    pub(super) async fn call(&mut self) -> Call {
        self.calls.recv().await.expect("it runs")
    }

    /// The calls that are there.
    pub(super) fn calls(&mut self) -> Vec<(String, Value)> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).map(|call| (call.method, call.body)).collect()
    }
}

fn next(scripts: &Scripts, method: &str) -> Reaction {
    let mut scripts = scripts.lock().unwrap();
    let script = scripts.iter_mut().find(|(known, _)| *known == method);
    script.and_then(|(_, reactions)| reactions.pop_front()).unwrap_or_else(|| match method {
        "getUpdates" => Reaction::Wait,
        "getWebhookInfo" => result(json!({ "url": "" })),
        _ => result(json!({ "message_id": 77 })),
    })
}

async fn answer(reaction: Reaction) -> Response {
    match reaction {
        Reaction::Answer(status, retry_after, body) => {
            let mut response = Response::builder().status(status).header("content-type", "application/json");
            if let Some(seconds) = retry_after {
                response = response.header("retry-after", seconds);
            }
            response.body(Body::from(body.to_string())).unwrap()
        }
        Reaction::Text(text) => Response::new(Body::from(text)),
        Reaction::Break => {
            let broken = stream::once(async { Err::<Bytes, _>(io::Error::other("broken")) });
            Response::new(Body::from_stream(broken))
        }
        Reaction::Wait => pending().await,
    }
}
