//! TLS, where a certificate is given.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject as _},
        },
    },
};

/// Accepts TLS connections.
#[derive(Clone)]
pub(crate) struct Tls(pub(super) TlsAcceptor);

/// Why TLS can't be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// A file can't be read.
    #[error("{path} can't be read as PEM: {source}")]
    Pem { path: PathBuf, source: pem::Error },
    /// A file has no certificate.
    #[error("{0} has no certificate; it should begin with `-----BEGIN CERTIFICATE-----`")]
    NoCertificate(PathBuf),
    /// A file has no key.
    #[error("{0} has no private key; it should have `-----BEGIN PRIVATE KEY-----`, and not be encrypted")]
    NoKey(PathBuf),
    /// Certificate and key do not belong together.
    #[error("the certificate and its key can't be used: {0}")]
    Rustls(#[from] rustls::Error),
}

impl Tls {
    /// TLS with a certificate chain and its key, both in PEM.
    pub(crate) fn new(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| TlsError::Pem { path: certificate.to_owned(), source })?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(certificate.to_owned()));
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(|source| match source {
            pem::Error::NoItemsFound => TlsError::NoKey(key.to_owned()),
            source => TlsError::Pem { path: key.to_owned(), source },
        })?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    pub(super) async fn accept<S>(&self, stream: S) -> io::Result<tokio_rustls::server::TlsStream<S>>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    {
        self.0.accept(stream).await
    }
}
