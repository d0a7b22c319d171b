//! What came between a call and its reply.

use std::{error::Error, fmt, time::Duration};

use channel_core::{BoxError, SendError};

/// Why a call came to nothing. It names the endpoint without query, user and password, and what to do.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// There is no connection: nothing was sent.
    #[error("could not connect to {url}: {}; check that it runs and that this is its address", root(source))]
    Connect {
        /// The endpoint.
        url: String,
        /// Why.
        source: BoxError,
    },
    /// The whole reply did not come in time. The request may have been understood.
    #[error("{url} did not answer within {after:?}; look into its log, or give it more `timeout`")]
    TimedOut {
        /// The endpoint.
        url: String,
        /// The time it had.
        after: Duration,
    },
    /// The connection broke, or what came is no HTTP. The request may have been understood.
    #[error(
        "the connection to {url} was lost before its whole reply came: {}; look into its log",
        root(source)
    )]
    Lost {
        /// The endpoint.
        url: String,
        /// Why.
        source: BoxError,
    },
    /// The reply has a status other than success.
    #[error("{url} answered {}{}; {}", *.status, quoted(.excerpt), remedy(*.status))]
    Status {
        /// The endpoint.
        url: String,
        /// The status; redirects (300 to 399) are not followed.
        status: u16,
        /// How long the endpoint asks to be left alone.
        retry_after: Option<Duration>,
        /// The beginning of the body on one line of at most 200 characters, without secrets of the settings.
        excerpt: String,
        /// The body, as much of it as came; at most [`MAX_REPLY`](crate::MAX_REPLY) bytes.
        body: Vec<u8>,
    },
    /// The reply is longer than what is read.
    #[error("the reply of {url} is longer than {limit} bytes; see to it that it says less")]
    TooLarge {
        /// The endpoint.
        url: String,
        /// The longest reply that is read, in bytes.
        limit: usize,
    },
    /// The reply is no JSON.
    #[error(
        "the reply of {url} is no JSON ({}, {source}); check that this is its address",
        .content_type.as_deref().map_or("no content type".to_owned(), |kind| format!("{kind:.100?}"))
    )]
    NotJson {
        /// The endpoint.
        url: String,
        /// Its `Content-Type`.
        content_type: Option<String>,
        /// Where it stops being JSON.
        source: serde_json::Error,
    },
    /// No request could be made of the call: nothing was sent.
    #[error("no request to {url} could be made: {}", root(source))]
    Unsendable {
        /// The endpoint.
        url: String,
        /// Why.
        source: BoxError,
    },
}

impl EndpointError {
    pub(crate) fn of_transport(url: &str, after: Duration, error: reqwest::Error) -> Self {
        let url = url.to_owned();
        // The address in it has the token.
        let error = error.without_url();
        if error.is_builder() {
            Self::Unsendable { url, source: error.into() }
        } else if error.is_connect() {
            Self::Connect { url, source: error.into() }
        } else if error.is_timeout() {
            Self::TimedOut { url, after }
        } else {
            Self::Lost { url, source: error.into() }
        }
    }

    /// What it means for a reply that was to be sent by this call: whether, and when, it is worth another try. `what` begins
    /// the reason.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use channel_core::{SendError, Sent};
    /// use channel_endpoint::Endpoint;
    ///
    /// async fn post(api: &Endpoint, text: &str) -> Result<Sent, SendError> {
    ///     let sent = api.post("messages", &serde_json::json!({ "text": text })).send().await;
    ///     sent.map_err(|error| error.into_send_error("the message was not taken"))?;
    ///     Ok(Sent::default())
    /// }
    /// ```
    pub fn into_send_error(self, what: &str) -> SendError {
        let reason = format!("{what}: {self}");
        let failure = match &self {
            Self::TimedOut { .. } | Self::Lost { .. } => SendError::unknown(reason),
            _ if self.is_retryable() => SendError::retryable(reason),
            _ => SendError::permanent(reason),
        };
        let failure = match self.retry_after().filter(|_| self.is_retryable()) {
            Some(wait) => failure.after(wait),
            None => failure,
        };
        failure.because(self)
    }

    /// The endpoint's address, without user, password, query and fragment.
    pub fn url(&self) -> &str {
        match self {
            Self::Connect { url, .. }
            | Self::TimedOut { url, .. }
            | Self::Lost { url, .. }
            | Self::Status { url, .. }
            | Self::TooLarge { url, .. }
            | Self::NotJson { url, .. }
            | Self::Unsendable { url, .. } => url,
        }
    }

    /// Whether the same call may succeed later. Where it [was sent](Self::was_sent) it may then have been heard twice.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::TimedOut { .. } | Self::Lost { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            Self::TooLarge { .. } | Self::NotJson { .. } | Self::Unsendable { .. } => false,
        }
    }

    /// Whether the endpoint may have received the request.
    pub fn was_sent(&self) -> bool {
        !matches!(self, Self::Connect { .. } | Self::Unsendable { .. })
    }

    /// How long the endpoint asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Shows what `Display` does: a body may have anything in it.
impl fmt::Debug for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointError({self})")
    }
}

/// The cause of all causes: those above it say that something went wrong.
fn root(error: &BoxError) -> String {
    let mut root: &dyn Error = &**error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

fn quoted(excerpt: &str) -> String {
    if excerpt.is_empty() { String::new() } else { format!(" ({excerpt})") }
}

fn remedy(status: u16) -> &'static str {
    match status {
        300..=399 => "redirects are not followed: give the address that it redirects to",
        401 | 403 | 407 => "check the token, password or headers in its settings",
        404 | 405 | 410 => "check its address",
        429 => "call it less often",
        _ => "look into its log",
    }
}
