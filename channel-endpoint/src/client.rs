//! The clients below the endpoints: one for the certificates of the system, one for each endpoint with its own
//! certificates or proxy.

use std::{path::Path, sync::LazyLock, time::Duration};

use channel_core::{BoxError, Secret};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect::Policy};

use crate::EndpointConfigError;

/// What does not answer within this time is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Less than the 5 seconds after which the servers of Node.js and Sanic (rasa-sdk) may hang up: a request that meets a connection
/// being closed is lost.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// The client for the certificates of the system. It is built when it is first needed: building reads them all.
static SYSTEM: LazyLock<reqwest::Result<Client>> = LazyLock::new(|| builder().build());

pub(crate) fn system() -> Result<Client, &'static reqwest::Error> {
    SYSTEM.as_ref().cloned()
}

/// The client of an endpoint that has certificates or a proxy of its own.
pub(crate) fn own(
    cafile: Option<&Path>,
    proxy: Option<&Secret>,
) -> Result<Option<Client>, EndpointConfigError> {
    if cafile.is_none() && proxy.is_none() {
        return Ok(None);
    }
    let mut builder = builder();
    if let Some(cafile) = cafile {
        builder = builder.tls_certs_only(certificates(cafile)?);
    }
    if let Some(proxy) = proxy {
        builder = builder.proxy(Proxy::all(proxy.expose()).map_err(|_| EndpointConfigError::Proxy)?);
    }
    builder.build().map(Some).map_err(|error| match cafile {
        Some(cafile) => wrong(cafile, error),
        None => EndpointConfigError::Client(error.into()),
    })
}

/// What an endpoint has to be signed with to be trusted, and nothing else.
fn certificates(cafile: &Path) -> Result<Vec<Certificate>, EndpointConfigError> {
    let pem = std::fs::read(cafile).map_err(|error| wrong(cafile, error))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| wrong(cafile, error))?;
    if certificates.is_empty() {
        return Err(wrong(cafile, "there is no PEM certificate in it"));
    }
    Ok(certificates)
}

fn wrong(cafile: &Path, source: impl Into<BoxError>) -> EndpointConfigError {
    EndpointConfigError::CaFile { path: cafile.to_owned(), source: source.into() }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // Elsewhere, the token and the conversation are nobody's business.
        .redirect(Policy::none())
}
