//! Why Rasa did not answer.

use channel_endpoint::EndpointError;

/// Why a Rasa server did not answer: the cause of the agent's error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RasaError {
    /// The server could not be asked, or refused to answer.
    #[error("Rasa can't answer: {0}")]
    Endpoint(#[source] EndpointError),
    /// The server does not have Rasa's `rest` channel.
    #[error(
        "{url} has no /webhooks/rest/webhook; write `rest:` into the credentials of the Rasa server, and its address \
         without a path into `url`"
    )]
    NoRest {
        /// The server's address.
        url: String,
    },
    /// The answer is JSON of another shape.
    #[error(
        "{url} answered what are no replies: {problem}; check that it is the address of a Rasa server, without a path"
    )]
    Shape {
        /// The server's address.
        url: String,
        /// What is wrong, and where.
        problem: String,
    },
}

impl From<EndpointError> for RasaError {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::Status { status: 404 | 405, url, .. } => Self::NoRest { url },
            error => Self::Endpoint(error),
        }
    }
}
