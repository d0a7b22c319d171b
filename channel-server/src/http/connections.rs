//! Connections: taking them, serving them, ending them.

use std::{convert::Infallible, io, pin::pin, sync::Arc, time::Duration};

use channel_core::{Shutdown, ShutdownSignal};
use futures_util::FutureExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::task::TaskTracker;

use super::{app::App, patient::Patient, tls::Tls, waiting::Waiting};

/// Serves connections until the shutdown is requested, then lets running requests end within the grace time. What is
/// still open when this returns, or is dropped, is closed.
pub(crate) async fn serve(listener: TcpListener, app: Arc<App>, tls: Option<Tls>, shutdown: Shutdown) {
    let tasks = TaskTracker::new();
    let (_ends_them_all, ended) = ShutdownSignal::new();
    let connections = Arc::new(Semaphore::new(app.limits().connections.min(Semaphore::MAX_PERMITS)));
    loop {
        let (stream, permit) = tokio::select! {
            connection = next(&listener, &connections) => connection,
            () = shutdown.requested() => break,
        };
        let connection = Connection { app: Arc::clone(&app), shutdown: shutdown.clone(), _permit: permit };
        let (tls, ended) = (tls.clone(), ended.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = connection.serve_any(stream, tls) => {}
                () = ended.requested() => {}
            }
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(app.limits().grace, tasks.wait()).await.is_err() {
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
    shutdown: Shutdown,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve_any(self, stream: TcpStream, tls: Option<Tls>) {
        let stream = Patient::new(stream, self.app.limits().send);
        let Some(tls) = tls else { return self.serve(stream).await };
        let handshake = tokio::time::timeout(self.app.limits().receive, tls.accept(stream));
        let handshake = tokio::select! {
            handshake = handshake => handshake,
            () = self.shutdown.requested() => return,
        };
        match handshake {
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
        // Not hyper-util's `auto`: it waits without a time limit for the bytes that tell HTTP/2 from HTTP/1.
        let mut http = http1::Builder::new();
        http.max_buf_size(limits.head.max(8192));
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = waiting.too_long(limits.receive) => return tracing::debug!("no request came in time"),
            () = self.shutdown.requested() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
    }
}
