//! A stand-in for somebody else's server.

use std::{
    collections::VecDeque,
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Uri},
    response::Response,
};
use channel_endpoint::EndpointConfig;
use serde_json::Value;
use tokio::net::TcpListener;

/// Answers what it is told to, in order, and keeps what it was asked. After its last answer it says nothing.
pub(crate) struct StandIn {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// What it was asked.
pub(crate) struct Asked {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl StandIn {
    /// Answers with these statuses and bodies of JSON.
    pub(crate) async fn answering<B: Into<String>>(answers: impl IntoIterator<Item = (u16, B)>) -> Self {
        Self::responding(answers.into_iter().map(|(status, body)| response(status, [], body.into()))).await
    }

    /// Gives these answers.
    pub(crate) async fn responding(answers: impl IntoIterator<Item = Response>) -> Self {
        let answers = Arc::new(Mutex::new(VecDeque::from_iter(answers)));
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let log = asked.clone();
        let answer = async move |uri: Uri, headers: HeaderMap, body: Bytes| {
            log.lock().unwrap().push(Asked { uri, headers, body });
            let answer = answers.lock().unwrap().pop_front();
            let Some(answer) = answer else { return pending().await };
            answer
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Self { address, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/webhook", self.address)
    }

    pub(crate) fn config(&self) -> EndpointConfig {
        EndpointConfig::new(self.url())
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// An answer of JSON.
pub(crate) fn response<const N: usize>(
    status: u16,
    headers: [(&str, &str); N],
    body: impl Into<Body>,
) -> Response {
    let response = Response::builder().status(status).header("content-type", "application/json");
    let response = headers.into_iter().fold(response, |response, (name, value)| response.header(name, value));
    response.body(body.into()).unwrap()
}
