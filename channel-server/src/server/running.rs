//! A server at work.

use std::{net::SocketAddr, time::Duration};

use channel_core::ShutdownSignal;
use channel_engine::Engine;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::Signals;

/// A server that listens. Dropped, it stops listening at once, and nothing waits for its turns and its store; [`stop`](Self::stop)
/// lets it end in order, and gives the store back.
pub struct RunningServer {
    pub(super) address: SocketAddr,
    pub(super) base: String,
    pub(super) signal: ShutdownSignal,
    pub(super) connections: AbortOnDropHandle<()>,
    pub(super) engine: Engine,
    pub(super) grace: Duration,
}

impl RunningServer {
    /// The address that it listens at; with port 0 the system has chosen one.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path on this server, as `http://127.0.0.1:5005/webhooks/myio/webhook`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Who runs the turns.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Serves until SIGTERM or Ctrl-C, then stops.
    pub async fn run(self) {
        self.run_until(Signals::listen()).await;
    }

    pub(crate) async fn run_until(self, mut signals: Signals) {
        let signal = signals.next().await;
        tracing::info!(signal, "stopping: no new work is taken; the same signal again ends at once");
        tokio::select! {
            () = self.stop() => tracing::info!("stopped"),
            signal = signals.next() => tracing::warn!(signal, "ended without waiting"),
        }
    }

    /// Takes no further work, and lets running requests and turns end within the grace time.
    pub async fn stop(self) {
        let begun = Instant::now();
        self.signal.request();
        // The task does nothing but serve; a panic in it was logged where it happened.
        let _ = self.connections.await;
        self.engine.stop(self.grace.saturating_sub(begun.elapsed())).await;
    }
}
