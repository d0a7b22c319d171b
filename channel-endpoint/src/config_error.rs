//! What is wrong with the settings of an endpoint.

use std::path::PathBuf;

use channel_core::BoxError;

/// Why there can be no endpoint with such settings. It shows no value of theirs but the path of the `cafile`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointConfigError {
    /// `url` is no address.
    #[error("`url` is no address ({0}); write one such as http://localhost:5055/webhook")]
    Url(#[source] BoxError),
    /// `url` is an address of something else.
    #[error(
        "`url` begins with neither http:// nor https://; write one such as http://localhost:5055/webhook"
    )]
    Scheme,
    /// A key of `headers` is no name of a header.
    #[error("`{0}` in `headers` is no name of a header; it may have letters, digits and `-`")]
    HeaderName(String),
    /// A value of `headers` can't be sent.
    #[error("the value of `{0}` in `headers` has a line break or another character that no header may have")]
    HeaderValue(String),
    /// The certificates can't be read.
    #[error("the certificates in `cafile` ({}) can't be read: {source}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: BoxError,
    },
    /// `proxy` is no address.
    #[error("`proxy` is no address of a proxy; write one such as http://proxy.example.com:3128")]
    Proxy,
    /// The client can't be made.
    #[error("no client can be made for the endpoint")]
    Client(#[source] BoxError),
}
