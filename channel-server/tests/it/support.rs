//! What the tests of the server share.

mod agents;
mod answer;
mod channels;
mod log;
mod peer;
mod target;

use std::time::Duration;

use channel_server::{
    Builder, Server,
    core::axum::{body::Body, extract::Request},
};

pub(crate) use agents::{Gate, Step, gated, puppet};
pub(crate) use answer::Answer;
pub(crate) use channels::sent;
pub(crate) use log::logged;
pub(crate) use peer::Peer;
pub(crate) use target::{Reaction, Target};

/// A server to be, with these credentials, at a port that the system chooses.
pub(crate) fn server(credentials: &str) -> Builder {
    log::collect();
    Server::builder().credentials_text(credentials).address("127.0.0.1", 0)
}

/// A post of JSON.
pub(crate) fn post(path: &str, body: impl Into<Body>) -> Request {
    let request = Request::post(path).header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

/// The answer to a request, without any socket.
pub(crate) async fn ask(server: &Server, request: Request) -> Answer {
    in_time(async { Answer::of(server.answer(request).await).await }).await
}

/// Waits, but not for ever: a test that hangs says nothing.
pub(crate) async fn in_time<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("this should not take so long")
}
