//! A local HTTP server that can also hang up.

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceExt as _;

/// So many connections are open at a time; more wait.
const CONNECTIONS: usize = 256;

/// Listens at a port of this machine until it is dropped.
pub(crate) struct LocalServer {
    _serving: AbortOnDropHandle<()>,
}

/// Marks a response that is never sent: the connection closes instead.
#[derive(Clone)]
struct HangUp;

pub(crate) fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

impl LocalServer {
    /// Serves what `router` makes of the server's address, as `127.0.0.1:41234`.
    pub(crate) async fn start(router: impl FnOnce(SocketAddr) -> Router) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let router = router(listener.local_addr()?);
        Ok(Self { _serving: AbortOnDropHandle::new(tokio::spawn(serve(listener, router))) })
    }
}

/// Ends with all connections when it is dropped.
async fn serve(listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    // Never closed.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        // A connection that broke before it was accepted is no reason to end.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let router = router.clone();
        connections.spawn(async move {
            converse(stream, router).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(Request::from(request.map(Body::new))).await;
            match response.extensions().get::<HangUp>() {
                Some(HangUp) => Err(io::Error::other("hung up on demand")),
                None => Ok(response),
            }
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // The bot sees that the connection broke; nobody is here to be told.
    let _ = serving.await;
}
