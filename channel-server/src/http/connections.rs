//! Connections: taking them, serving them, ending them.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use channel_core::Shutdown;
use futures_util::FutureExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{app::App, tls::Tls, waiting::Waiting};

/// Serves connections until the shutdown is requested, then lets running requests end within the grace time.
pub(crate) async fn serve(listener: TcpListener, app: Arc<App>, tls: Option<Tls>, shutdown: Shutdown) {
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(app.limits().connections.min(Semaphore::MAX_PERMITS)));
    loop {
        let (stream, permit) = tokio::select! {
            connection = next(&listener, &connections) => connection,
            () = shutdown.requested() => break,
        };
        let connection = Connection { app: Arc::clone(&app), watcher: graceful.watcher(), _permit: permit };
        match tls.clone() {
            None => drop(tokio::spawn(connection.serve(stream))),
            Some(tls) => drop(tokio::spawn(connection.serve_tls(stream, tls))),
        }
    }
    drop(listener);
    if tokio::time::timeout(app.limits().grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end within the grace time");
    }
}

/// The next connection. What goes wrong here is the peer's or passes by: the server goes on.
async fn next(listener: &TcpListener, connections: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        // The semaphore is never closed.
        let Ok(permit) = Arc::clone(connections).acquire_owned().await else { continue };
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and whole: waiting for more to send along only delays them.
                let _ = stream.set_nodelay(true);
                return (stream, permit);
            }
            Err(error) => after_failure(&error).await,
        }
    }
}

/// Out of file handles, say: trying again at once would only turn the processor.
async fn after_failure(error: &io::Error) {
    let kind = error.kind();
    if !matches!(
        kind,
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    ) {
        tracing::error!(%error, "can't take a connection");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

struct Connection {
    app: Arc<App>,
    watcher: Watcher,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve_tls(self, stream: TcpStream, tls: Tls) {
        let time = self.app.limits().receive;
        match tokio::time::timeout(time, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        }
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S) {
        let limits = *self.app.limits();
        let app = Arc::clone(&self.app);
        let waiting = Waiting::new();
        let requests = waiting.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            requests.clone().during(Arc::clone(&app).answer_incoming(request)).map(Ok::<_, Infallible>)
        });
        let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
        http.http1().max_buf_size(limits.head.max(8192));
        let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        tokio::select! {
            biased;
            end = self.watcher.watch(connection) => if let Err(error) = end {
                tracing::debug!(%error, "connection ended");
            },
            () = waiting.too_long(limits.receive) => tracing::debug!("no request came in time"),
        }
    }
}
