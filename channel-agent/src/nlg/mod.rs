//! Responses that are worded elsewhere: the protocol of Rasa's NLG servers.

mod http;

pub use http::{HttpNlgServer, NlgServerError};

use channel_core::{BoxError, EventVerbosity, Metadata, Tracker, TrackerState, async_trait};
use serde::Serialize;

/// Words responses in place of the domain.
#[async_trait]
pub trait NlgServer: Send + Sync + 'static {
    /// What to say for a response: the keys of a message, such as `text` and `buttons`. Those with nothing in them are left
    /// out.
    ///
    /// # Errors
    ///
    /// The server can't be reached, or what it answers is no message.
    async fn generate(&self, request: &NlgRequest<'_>) -> Result<Metadata, BoxError>;
}

/// What an NLG server is asked: the body of its request.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct NlgRequest<'a> {
    /// The response's name.
    pub response: &'a str,
    /// The id of the variation that the domain would choose first, where the ids of those that fit are unique.
    pub id: Option<&'a str>,
    /// What the response is to be filled with besides slots.
    pub arguments: &'a Metadata,
    /// The conversation, with all its events.
    pub tracker: TrackerState,
    /// The channel that the response is for.
    pub channel: NlgChannel<'a>,
    /// The headers that the message came with. Those of tracing go along with the request.
    #[serde(skip)]
    pub headers: &'a [(String, String)],
}

/// The channel that a response is for.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct NlgChannel<'a> {
    /// The channel's name.
    pub name: &'a str,
}

impl<'a> NlgRequest<'a> {
    /// A request without an id and headers.
    pub fn new(response: &'a str, arguments: &'a Metadata, tracker: &Tracker, channel: &'a str) -> Self {
        Self {
            response,
            id: None,
            arguments,
            tracker: tracker.state(EventVerbosity::All),
            channel: NlgChannel { name: channel },
            headers: &[],
        }
    }

    /// Sets the variation's id.
    pub fn with_id(mut self, id: Option<&'a str>) -> Self {
        self.id = id;
        self
    }

    /// Sets the headers that the message came with.
    pub fn with_headers(mut self, headers: &'a [(String, String)]) -> Self {
        self.headers = headers;
        self
    }
}
