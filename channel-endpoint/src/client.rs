//! The clients below the endpoints: one for the certificates of the system, one for each endpoint with its own.

use std::{path::Path, sync::LazyLock, time::Duration};

use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};

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

/// The client of an endpoint that is to be trusted because of one of these certificates, and of nothing else.
pub(crate) fn trusting(cafile: &Path) -> Result<Client, EndpointConfigError> {
    let pem = std::fs::read(cafile)
        .map_err(|source| EndpointConfigError::CaFile { path: cafile.to_owned(), source: source.into() })?;
    let wrong = |source: reqwest::Error| EndpointConfigError::CaFile {
        path: cafile.to_owned(),
        source: source.into(),
    };
    let certificates = Certificate::from_pem_bundle(&pem).map_err(wrong)?;
    if certificates.is_empty() {
        let source = "there is no PEM certificate in it".into();
        return Err(EndpointConfigError::CaFile { path: cafile.to_owned(), source });
    }
    builder().tls_certs_only(certificates).build().map_err(wrong)
}

fn builder() -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // Elsewhere, the token and the conversation are nobody's business.
        .redirect(Policy::none())
}
