//! From a webhook to whoever runs the turns.

use std::{convert::Infallible, fmt, future::ready, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{
    BoxError, BoxFuture, ChannelState, CollectingOutputChannel, OutputChannel, Problem, UserMessage,
    WebhookRequest, trace, unique_id,
};

/// The header that carries a request's id.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Takes messages from channels and has them answered: the server's engine, or a stand-in in a test.
pub trait Intake: Send + Sync + 'static {
    /// Runs the message's turn. The future is done when the turn is; dropping it does not cancel the turn.
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>>;

    /// Takes the message on. The future is done as soon as the message is kept; its turn runs later.
    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>>;

    /// What the channel of this address noted under a name, for [`Notes`](crate::Notes). Without an override it is an error: there is
    /// no store.
    fn note(
        &self,
        _channel: Arc<str>,
        _name: String,
    ) -> BoxFuture<'static, Result<Option<String>, BoxError>> {
        Box::pin(ready(Err(NO_STORE.into())))
    }

    /// Notes a text under a name of the channel's. Without an override it is an error: there is no store.
    fn set_note(
        &self,
        _channel: Arc<str>,
        _name: String,
        _text: String,
    ) -> BoxFuture<'static, Result<(), BoxError>> {
        Box::pin(ready(Err(NO_STORE.into())))
    }
}

const NO_STORE: &str = "there is no store to keep notes in";

/// A message on its way from a channel into a turn.
#[derive(Clone)]
#[non_exhaustive]
pub struct Arrival {
    /// The message.
    pub message: UserMessage,
    /// The channel that it came through.
    pub channel: ChannelState,
    /// Where its replies go.
    pub output: Arc<dyn OutputChannel>,
    /// The id of the request that brought it (`x-request-id`), for the log.
    pub request_id: Option<HeaderValue>,
}

/// Hands a user's message to the bot: an axum extractor for the methods of a channel.
///
/// # Examples
///
/// ```
/// use channel_core::{CollectedMessage, Json, OnNewMessage, TurnError, UserMessage};
///
/// # #[derive(serde::Deserialize)] struct Incoming { sender: String, message: String }
/// async fn receive(on_new_message: OnNewMessage, body: Incoming) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
///     let collector = on_new_message.collector();
///     on_new_message.handle(UserMessage::new(body.message, body.sender), collector.clone()).await?;
///     Ok(Json(collector.take_messages()))
/// }
/// ```
#[derive(Clone)]
pub struct OnNewMessage {
    channel: ChannelState,
    request: Option<WebhookRequest>,
    request_id: Option<HeaderValue>,
    /// The headers with which the request names its trace.
    trace: Vec<(String, String)>,
}

impl OnNewMessage {
    /// The way in for messages of this channel that no request brings, as from polling.
    pub fn new(channel: ChannelState) -> Self {
        Self { channel, request: None, request_id: None, trace: Vec::new() }
    }

    pub(crate) fn channel(&self) -> &ChannelState {
        &self.channel
    }

    /// The id of the request (`x-request-id`), under which the server logs.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_ref()?.to_str().ok()
    }

    /// An output channel that collects the replies, under the channel's own name.
    pub fn collector(&self) -> Arc<CollectingOutputChannel> {
        Arc::new(CollectingOutputChannel::new(self.channel.channel().name()))
    }

    /// Has the message answered, and waits for the end of its turn; the replies go to `output`.
    ///
    /// # Errors
    ///
    /// The turn failed, or there is no room for it. The error is a response: `?` gives the caller a 5xx.
    pub fn handle(
        &self,
        message: UserMessage,
        output: Arc<dyn OutputChannel>,
    ) -> BoxFuture<'static, Result<(), TurnError>> {
        let arrival = self.arrival(message, output);
        self.channel.intake().handle(arrival)
    }

    /// Takes the message on and returns; its turn runs later, and the replies go to the channel's `#[output]`.
    ///
    /// # Errors
    ///
    /// There is no room for the message, or the channel has no way to answer it. The error is a response: `?` gives
    /// the platform a 5xx, and it delivers again.
    pub async fn accept(&self, message: UserMessage) -> Result<(), TurnError> {
        let to = message.reply_to();
        let output = self.channel.channel().output_channel(&to).ok_or_else(|| self.no_output())?;
        let arrival = self.arrival(message, output);
        self.channel.intake().accept(arrival).await
    }

    fn no_output(&self) -> TurnError {
        let error = TurnError::NoOutput;
        tracing::error!(
            channel = self.channel.channel().name(),
            instance = self.channel.instance(),
            request_id = self.request_id.as_ref().and_then(|id| id.to_str().ok()),
            %error,
            "message not accepted"
        );
        error
    }

    fn arrival(&self, mut message: UserMessage, output: Arc<dyn OutputChannel>) -> Arrival {
        let channel = self.channel.channel();
        // An id that is empty names nothing: with it, the second such message would be taken for the first one.
        if message.message_id.is_empty() {
            message.message_id = unique_id();
        }
        if message.input_channel.is_none() {
            message.input_channel = Some(channel.name().to_owned());
        }
        if message.metadata.is_none() {
            message.metadata = self.request.as_ref().and_then(|request| channel.metadata(request));
        }
        message.is_payload |= self.channel.typed_payloads();
        trace::join(&mut message.headers, &self.trace);
        Arrival { message, channel: self.channel.clone(), output, request_id: self.request_id.clone() }
    }
}

impl FromRequestParts<ChannelState> for OnNewMessage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ChannelState) -> Result<Self, Infallible> {
        Ok(Self {
            channel: state.clone(),
            request: parts.extensions.get::<WebhookRequest>().cloned(),
            request_id: parts.headers.get(&REQUEST_ID).cloned(),
            trace: trace::of_request(&parts.headers),
        })
    }
}

/// Why a message was not answered. As a response it is a 5xx that names no internals.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TurnError {
    /// The agent failed, or a reply could not be sent.
    #[error("the turn failed")]
    Failed(#[source] crate::BoxError),
    /// There is no room for another message.
    #[error("too many messages are waiting")]
    Busy,
    /// The server is about to stop.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// The message was to be accepted, but the channel has no `#[output]` to answer through.
    #[error(
        "the channel has no `#[output]` method to answer an accepted message through; write one, or use `handle`"
    )]
    NoOutput,
}

impl From<TurnError> for Problem {
    fn from(error: TurnError) -> Self {
        let (status, message) = match error {
            TurnError::Failed(_) | TurnError::NoOutput => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the message could not be answered; the server's log says why",
            ),
            TurnError::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, "too many messages are waiting; send it again later")
            }
            TurnError::ShuttingDown => {
                (StatusCode::SERVICE_UNAVAILABLE, "the server is shutting down; send it again later")
            }
        };
        let problem = Self::new(status, message);
        if status == StatusCode::SERVICE_UNAVAILABLE { problem.with_retry_after(1) } else { problem }
    }
}

impl IntoResponse for TurnError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrival")
            .field("message", &self.message)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OnNewMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnNewMessage").field("channel", &self.channel).finish_non_exhaustive()
    }
}
