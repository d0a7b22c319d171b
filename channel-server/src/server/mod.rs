//! A server: channels, an agent, and the sockets between them and the world.

mod builder;
mod running;
mod signals;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{body::Body, extract::Request, response::Response};
use channel_core::{ChannelState, OnNewMessage, Shutdown, ShutdownSignal};
use channel_engine::{Causes, Engine};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    config::ConfigError,
    http::{App, Tls, TlsError},
};

pub use builder::Builder;
pub use running::RunningServer;
pub(crate) use signals::Signals;

/// A server that is put together and not yet listening.
///
/// # Examples
///
/// ```
/// use channel_server::{Server, core::axum::{body::Body, http::Request}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::builder().credentials_text("rest:\n").build()?;
/// let request = Request::post("/webhooks/rest/webhook")
///     .body(Body::from(r#"{"sender": "test_user", "message": "Hi!"}"#))?;
/// assert_eq!(server.answer(request).await.status(), 200);
/// # Ok(())
/// # }
/// ```
pub struct Server {
    app: Arc<App>,
    engine: Engine,
    channels: Vec<ChannelState>,
    urls: Vec<String>,
    tls: Option<Tls>,
    address: (String, u16),
}

/// Why a server can't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The credentials have mistakes.
    #[error(transparent)]
    Credentials(#[from] ConfigError),
    /// Channels contradict each other or themselves.
    #[error("{0}")]
    Channels(String),
    /// An origin for CORS is none.
    #[error("{0}")]
    Cors(String),
    /// The certificate or its key can't be used.
    #[error("{0}")]
    Tls(String),
    /// The address can't be listened at.
    #[error("can't listen at {address}: {source}{hint}", hint = hint(source))]
    Bind {
        /// The address as it was given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "; another program listens there: choose another port with `--port`",
        io::ErrorKind::PermissionDenied => {
            "; ports below 1024 are for privileged users: choose another with `--port`"
        }
        io::ErrorKind::AddrNotAvailable => {
            "; this machine has no such address: choose another with `--interface`"
        }
        _ => "",
    }
}

impl From<TlsError> for StartError {
    fn from(error: TlsError) -> Self {
        Self::Tls(error.to_string())
    }
}

impl Server {
    /// A server to be put together.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Answers one request without any socket: for tests.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        Arc::clone(&self.app).answer(request).await
    }

    /// Who runs the turns.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Listens, and serves until [`RunningServer::stop`].
    ///
    /// # Errors
    ///
    /// The address can't be listened at.
    pub async fn start(self) -> Result<RunningServer, StartError> {
        let (host, port) = &self.address;
        let bind = |source| StartError::Bind { address: format!("{host}:{port}"), source };
        let listener = TcpListener::bind((host.as_str(), *port)).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let base = base_url(address, self.tls.is_some());
        let (signal, shutdown) = ShutdownSignal::new();
        self.engine.start();
        for channel in &self.channels {
            self.engine.tasks().spawn(start_channel(channel.clone(), shutdown.clone()));
        }
        let grace = self.app.limits().grace;
        let connections = tokio::spawn(crate::http::serve(listener, self.app, self.tls, shutdown));
        let connections = AbortOnDropHandle::new(connections);
        for url in self.urls {
            tracing::info!("listening at {base}{url}/webhook");
        }
        tracing::info!("the server is up at {base}");
        Ok(RunningServer { address, base, signal, connections, engine: self.engine, grace })
    }
}

/// Runs a channel's `#[start]`. Its failure is the channel's own: the others go on.
async fn start_channel(state: ChannelState, shutdown: Shutdown) {
    let name = state.channel().name().to_owned();
    let instance = state.instance().map(str::to_owned);
    let channel = Arc::clone(state.channel());
    // It may panic before it returns its future.
    let start = tokio::spawn(async move { channel.start(OnNewMessage::new(state), shutdown).await });
    match start.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!(channel = name, instance, error = %Causes(&*error), "the channel's `#[start]` failed");
        }
        Err(_) => tracing::error!(channel = name, instance, "the channel's `#[start]` panicked"),
    }
}

fn base_url(address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    if address.ip().is_unspecified() {
        return format!("{scheme}://localhost:{}", address.port());
    }
    format!("{scheme}://{address}")
}
