//! A stand-in for the address that callbacks go to.

use std::{
    collections::VecDeque,
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use channel_server::core::axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, Uri},
    serve,
};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use super::in_time;

/// How the target answers a post.
#[derive(Clone, Copy)]
pub(crate) enum Reaction {
    /// With this status.
    Status(u16),
    /// With this status, and the post may come again at once.
    Again(u16),
    /// Not at all.
    Silence,
}

/// Reacts as it is told to, in order, then with 200; and keeps what was posted.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    posted: UnboundedReceiver<Posted>,
}

/// What was posted.
pub(crate) struct Posted {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Target {
    pub(crate) async fn reacting(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let reactions = Arc::new(Mutex::new(VecDeque::from_iter(reactions)));
        let (sender, posted) = unbounded_channel();
        let react = async move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let body = serde_json::from_slice(&body).unwrap();
            // What is said back may be anything, as the query with the token in it here.
            let echo = format!("no use for {uri}");
            let _ = sender.send(Posted { uri, headers, body });
            let reaction = reactions.lock().unwrap().pop_front();
            let (status, again) = match reaction {
                None => (200, false),
                Some(Reaction::Status(status)) => (status, false),
                Some(Reaction::Again(status)) => (status, true),
                Some(Reaction::Silence) => pending().await,
            };
            let headers: HeaderMap =
                again.then(|| ("retry-after".parse().unwrap(), "0".parse().unwrap())).into_iter().collect();
            (StatusCode::from_u16(status).unwrap(), headers, echo)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { serve(listener, Router::new().fallback(react)).await });
        Self { address, posted }
    }

    /// The next post.
    pub(crate) async fn posted(&mut self) -> Posted {
        in_time(self.posted.recv()).await.unwrap()
    }

    /// The bodies of all posts so far.
    pub(crate) fn bodies(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.posted.try_recv().ok()).map(|posted| posted.body).collect()
    }
}
