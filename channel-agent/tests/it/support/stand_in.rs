//! A stand-in for somebody else's server.

use std::{
    collections::VecDeque,
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
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
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl StandIn {
    /// Answers `POST /webhook` with these statuses and bodies.
    pub(crate) async fn answering<B: Into<String>>(answers: impl IntoIterator<Item = (u16, B)>) -> Self {
        let answers: VecDeque<(u16, String)> =
            answers.into_iter().map(|(status, body)| (status, body.into())).collect();
        let (answers, asked) = (Arc::new(Mutex::new(answers)), Arc::<Mutex<Vec<Asked>>>::default());
        let log = asked.clone();
        let answer = async move |headers: HeaderMap, body: Bytes| {
            log.lock().unwrap().push(Asked { headers, body });
            let answer = answers.lock().unwrap().pop_front();
            let Some((status, body)) = answer else { return pending().await };
            (StatusCode::from_u16(status).unwrap(), [(CONTENT_TYPE, "application/json")], body)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/webhook", axum::routing::post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
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
