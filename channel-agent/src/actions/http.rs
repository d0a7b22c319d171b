//! An action server over HTTP: the protocol of rasa-sdk.

use channel_core::async_trait;
use channel_endpoint::{Endpoint, EndpointConfigError, EndpointError, Reply};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{ActionError, ActionOutcome, ActionRequest, ActionServer, ActionServerConfig};
use crate::trace;

/// `true` here compresses requests.
const COMPRESS: &str = "COMPRESS_ACTION_SERVER_REQUEST";

/// The status of a server that needs the domain to run an action.
const DOMAIN_MISSING: u16 = 449;

/// An action server that is called over HTTP, such as one of rasa-sdk.
///
/// Requests are compressed where the environment has `COMPRESS_ACTION_SERVER_REQUEST=true`. An action is never run twice
/// because of a failure: only a server that misses the domain is asked again, once.
///
/// # Examples
///
/// ```
/// use channel_agent::{Bot, DomainAgent, HttpActionServer};
/// use channel_endpoint::EndpointConfig;
///
/// let server = HttpActionServer::new(EndpointConfig::new("http://localhost:5055/webhook").into())?;
/// let bot = Bot::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/weather"))?;
/// let agent = DomainAgent::builder(bot).action_server(std::sync::Arc::new(server)).build()?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct HttpActionServer {
    endpoint: Endpoint,
    is_domain_selective: bool,
    is_compressing: bool,
}

/// What went wrong with an action on an action server: the cause of an [`ActionError::Failed`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ActionServerError {
    /// The server does not have the action.
    #[error(
        "the action server at {url} has no action `{action}`; register it there, or correct its name in the domain"
    )]
    Unknown {
        /// The server's address.
        url: String,
        /// The action's name.
        action: String,
    },
    /// The action raised an exception.
    #[error("the action `{action}` failed on the action server at {url}: {error}; look into the log there")]
    Raised {
        /// The server's address.
        url: String,
        /// The action's name.
        action: String,
        /// The exception's text, at most 200 characters.
        error: String,
    },
    /// The answer is JSON of another shape.
    #[error(
        "the action server at {url} answered for `{action}` what is no answer: {problem}; it has to be an object with \
         `events` and `responses`"
    )]
    Shape {
        /// The server's address.
        url: String,
        /// The action's name.
        action: String,
        /// What is wrong, and where.
        problem: String,
    },
    /// The server could not be asked, or refused to answer.
    #[error("the action server can't run `{action}`: {source}")]
    Endpoint {
        /// The action's name.
        action: String,
        /// Why.
        source: EndpointError,
    },
}

/// The body of a failure, as far as it is of use.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    error: String,
    /// Given where an action was found, or looked for in vain.
    action_name: Option<IgnoredAny>,
    /// Given where an action raised an exception.
    request_body: Option<IgnoredAny>,
}

impl HttpActionServer {
    /// The action server that these settings describe. Nothing is sent to it.
    ///
    /// # Errors
    ///
    /// As [`Endpoint::new`].
    pub fn new(config: ActionServerConfig) -> Result<Self, EndpointConfigError> {
        Ok(Self {
            endpoint: Endpoint::new(config.endpoint)?,
            is_domain_selective: config.enable_selective_domain,
            is_compressing: std::env::var(COMPRESS).is_ok_and(|value| value.eq_ignore_ascii_case("true")),
        })
    }

    async fn post(&self, request: &ActionRequest<'_>) -> Result<Reply, EndpointError> {
        let mut call = self.endpoint.post("", request);
        for (name, value) in trace::headers(request.headers) {
            call = call.header(name, value);
        }
        if self.is_compressing {
            call = call.deflated();
        }
        call.send().await
    }

    /// What an answer with a status of success says; `null` says that nothing happened.
    fn outcome(&self, action: &str, reply: &Reply) -> Result<ActionOutcome, ActionServerError> {
        let json = reply.json().map_err(|source| endpoint_error(action, source))?;
        let problem = match json {
            Value::Null => return Ok(ActionOutcome::new()),
            Value::Object(_) => match serde_path_to_error::deserialize(json) {
                Ok(outcome) => return Ok(outcome),
                Err(error) => self.endpoint.excerpt(error.to_string()),
            },
            _ => "it is no object".to_owned(),
        };
        Err(ActionServerError::Shape { url: self.url(), action: action.to_owned(), problem })
    }

    /// What a failure means.
    fn failure(&self, action: &str, error: EndpointError) -> ActionError {
        let EndpointError::Status { status, body, .. } = &error else {
            return ActionError::failed(endpoint_error(action, error));
        };
        let action = action.to_owned();
        match (status, serde_json::from_slice(body)) {
            (400, Ok(Said { error, action_name: Some(_), .. })) => {
                ActionError::Rejected(self.endpoint.excerpt(error))
            }
            (404, Ok(Said { action_name: Some(_), .. })) => {
                ActionError::failed(ActionServerError::Unknown { url: self.url(), action })
            }
            (500, Ok(Said { error, request_body: Some(_), .. })) => {
                let error = self.endpoint.excerpt(error);
                ActionError::failed(ActionServerError::Raised { url: self.url(), action, error })
            }
            _ => ActionError::failed(endpoint_error(&action, error)),
        }
    }

    fn url(&self) -> String {
        self.endpoint.url().to_owned()
    }
}

#[async_trait]
impl ActionServer for HttpActionServer {
    async fn run(&self, request: &ActionRequest<'_>) -> Result<ActionOutcome, ActionError> {
        let action = request.next_action;
        let answer = if self.is_domain_selective && !request.send_domain {
            match self.post(&ActionRequest { domain: None, ..request.clone() }).await {
                Err(EndpointError::Status { status: DOMAIN_MISSING, .. }) => self.post(request).await,
                answer => answer,
            }
        } else {
            self.post(request).await
        };
        match answer {
            Ok(reply) => self.outcome(action, &reply).map_err(ActionError::failed),
            Err(error) => Err(self.failure(action, error)),
        }
    }
}

fn endpoint_error(action: &str, source: EndpointError) -> ActionServerError {
    ActionServerError::Endpoint { action: action.to_owned(), source }
}
