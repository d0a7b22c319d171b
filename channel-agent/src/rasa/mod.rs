//! A running Rasa server as an agent.

mod config;
mod error;
mod request;

pub use config::RasaAgentConfig;
pub use error::RasaError;

use channel_core::{Agent, AgentError, BotMessage, Event, Turn, async_trait};
use channel_endpoint::{Call, Endpoint, EndpointConfigError, EndpointError, retried};
use serde_json::Value;

use self::request::Request;
use crate::trace;

/// Where Rasa takes messages.
const PATH: &str = "webhooks/rest/webhook";

/// Has a running Rasa server answer: each message goes to its `rest` channel, and what it replies is said.
///
/// Rasa keeps conversations under `<channel>:<sender id>`, and under the sender id alone where
/// [`bare_sender_id`](RasaAgentConfig::bare_sender_id) is set. A message that Rasa can't have heard (no connection, 429 or
/// 503 with `Retry-After`) is sent up to four times within 10 seconds; after any other failure it may have been heard, and is
/// not sent again. Rasa answers nothing both where it has nothing to say and where its turn failed: its own log tells
/// which.
///
/// # Examples
///
/// ```
/// use channel_agent::RasaAgent;
/// use channel_endpoint::EndpointConfig;
///
/// let agent = RasaAgent::new(EndpointConfig::new("http://localhost:5005").into())?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RasaAgent {
    endpoint: Endpoint,
    bare_sender_id: bool,
    stream: bool,
}

impl RasaAgent {
    /// The Rasa server that these settings describe. Nothing is sent to it.
    ///
    /// # Errors
    ///
    /// As [`Endpoint::new`].
    pub fn new(config: RasaAgentConfig) -> Result<Self, EndpointConfigError> {
        let RasaAgentConfig { mut endpoint, bare_sender_id, stream } = config;
        if stream {
            endpoint.params.insert("stream".to_owned(), "true".to_owned());
        }
        Ok(Self { endpoint: Endpoint::new(endpoint)?, bare_sender_id, stream })
    }

    fn call<'a>(&'a self, request: &Request<'_>, headers: &'a [(String, String)]) -> Call<'a> {
        let call = self.endpoint.post(PATH, request);
        trace::headers(headers).fold(call, |call, (name, value)| call.header(name, value))
    }

    async fn whole(&self, turn: &mut Turn<'_>, request: &Request<'_>) -> Result<(), RasaError> {
        let headers = &turn.message().headers;
        let reply = retried(|| self.call(request, headers).send(), was_not_heard).await?;
        let replies: Vec<BotMessage> = self.read(&reply.json()?)?;
        if replies.is_empty() {
            tracing::debug!(
                url = self.endpoint.url(),
                "Rasa replied nothing; where its turn failed, its log says why"
            );
        }
        for reply in replies {
            say(turn, reply);
        }
        Ok(())
    }

    async fn streamed(&self, turn: &mut Turn<'_>, request: &Request<'_>) -> Result<(), AgentError> {
        let headers = &turn.message().headers;
        let mut lines =
            retried(|| self.call(request, headers).lines(), was_not_heard).await.map_err(failed)?;
        while let Some(line) = lines.next().await.map_err(failed)? {
            let json = serde_json::from_slice(&line).map_err(|error| failed(self.shape(&error)))?;
            say(turn, self.read(&json).map_err(failed)?);
            turn.flush().await?;
        }
        Ok(())
    }

    fn read<T: serde::de::DeserializeOwned>(&self, json: &Value) -> Result<T, RasaError> {
        serde_path_to_error::deserialize(json).map_err(|error| self.shape(&error))
    }

    fn shape(&self, problem: &impl ToString) -> RasaError {
        let problem = self.endpoint.excerpt(problem.to_string());
        RasaError::Shape { url: self.endpoint.url().to_owned(), problem }
    }
}

#[async_trait]
impl Agent for RasaAgent {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let message = turn.message();
        let heard = Event::user(message, message.parse_data.clone().unwrap_or_default());
        turn.tracker_mut().apply(heard);
        let request = Request::of(turn, self.bare_sender_id);
        if self.stream {
            self.streamed(turn, &request).await
        } else {
            self.whole(turn, &request).await.map_err(failed)
        }
    }
}

/// Adds one of Rasa's replies to the conversation, and to what is said.
fn say(turn: &mut Turn<'_>, mut reply: BotMessage) {
    // It names the conversation as Rasa knows it.
    reply.metadata.remove("recipient_id");
    turn.tracker_mut().apply(Event::bot(&reply));
    turn.reply(reply);
}

fn was_not_heard(error: &EndpointError) -> bool {
    let is_refusal = matches!(error, EndpointError::Status { status: 429 | 503, retry_after: Some(_), .. });
    !error.was_sent() || is_refusal
}

fn failed(error: impl Into<RasaError>) -> AgentError {
    AgentError::new(error.into())
}
