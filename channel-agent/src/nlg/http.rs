//! An NLG server over HTTP.

use channel_core::{BotMessage, BoxError, Metadata, async_trait};
use channel_endpoint::{Endpoint, EndpointConfig, EndpointConfigError, EndpointError};
use serde_json::Value;

use super::{NlgRequest, NlgServer};
use crate::trace;

/// The keys of a message that servers fill with `null`, `""`, `[]` or `{}` where there is nothing.
const KEYS: [&str; 8] =
    ["text", "id", "buttons", "quick_replies", "elements", "attachment", "image", "custom"];

/// An NLG server that is called over HTTP.
///
/// # Examples
///
/// ```no_run
/// use channel_agent::{HttpNlgServer, NlgRequest, NlgServer};
/// use channel_core::{Metadata, Tracker};
/// use channel_endpoint::EndpointConfig;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let server = HttpNlgServer::new(EndpointConfig::new("http://localhost:5056/nlg"))?;
/// let arguments = Metadata::new();
/// let request = NlgRequest::new("utter_greet", &arguments, &Tracker::new("test_user"), "rest");
/// println!("{}", server.generate(&request).await?["text"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct HttpNlgServer {
    endpoint: Endpoint,
}

/// Why an NLG server gave no words to a response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NlgServerError {
    /// The server could not be asked, or refused to answer.
    #[error("the NLG server can't word `{response}`: {source}")]
    Endpoint {
        /// The response's name.
        response: String,
        /// Why.
        source: EndpointError,
    },
    /// The answer is no message.
    #[error(
        "the NLG server at {url} answered for `{response}` what is no message: {problem}; it has to be an object such \
         as {{\"text\": \"…\", \"buttons\": []}}"
    )]
    Shape {
        /// The server's address.
        url: String,
        /// The response's name.
        response: String,
        /// What is wrong, and where.
        problem: String,
    },
}

impl HttpNlgServer {
    /// The NLG server that these settings describe. Nothing is sent to it.
    ///
    /// # Errors
    ///
    /// As [`Endpoint::new`].
    pub fn new(config: EndpointConfig) -> Result<Self, EndpointConfigError> {
        Ok(Self { endpoint: Endpoint::new(config)? })
    }

    async fn ask(&self, request: &NlgRequest<'_>) -> Result<Value, EndpointError> {
        let mut call = self.endpoint.post("", request);
        for (name, value) in trace::headers(request.headers) {
            call = call.header(name, value);
        }
        call.send().await?.json()
    }
}

#[async_trait]
impl NlgServer for HttpNlgServer {
    async fn generate(&self, request: &NlgRequest<'_>) -> Result<Metadata, BoxError> {
        let response = || request.response.to_owned();
        let json = self
            .ask(request)
            .await
            .map_err(|source| NlgServerError::Endpoint { response: response(), source })?;
        let message = checked(json).map_err(|problem| NlgServerError::Shape {
            url: self.endpoint.url().to_owned(),
            response: response(),
            problem: self.endpoint.excerpt(problem),
        })?;
        Ok(message)
    }
}

/// The message that this is, if it is one.
fn checked(json: Value) -> Result<Metadata, String> {
    let Value::Object(mut message) = json else { return Err("it is no object".to_owned()) };
    message.retain(|key, value| !(KEYS.contains(&key.as_str()) && is_nothing(value)));
    for key in ["attachment", "custom"] {
        if message.get(key).is_some_and(|value| !value.is_object()) {
            return Err(format!("{key}: it is no object"));
        }
    }
    match serde_path_to_error::deserialize::<_, BotMessage>(&Value::Object(message.clone())) {
        Ok(_) => Ok(message),
        Err(error) => Err(error.to_string()),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
