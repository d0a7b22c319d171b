//! An endpoint that can be called.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Client, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize};

use crate::{BasicAuth, Call, EndpointConfig, EndpointConfigError, client, config::shown, excerpt::Secrets};

/// Somebody else's HTTP endpoint. A clone is the same endpoint; all of them share their connections.
///
/// Redirects are not followed. The environment's `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` count, unless
/// the settings name a proxy.
///
/// # Examples
///
/// ```no_run
/// use channel_endpoint::{Endpoint, EndpointConfig};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoint = Endpoint::new(EndpointConfig::new("http://localhost:5055/webhook"))?;
/// let reply = endpoint.post("", &serde_json::json!({ "next_action": "action_forecast" })).send().await?;
/// println!("{}", reply.json()?);
/// # Ok(())
/// # }
/// ```
///
/// A channel may have one among its settings: in the credentials it has the keys of [`EndpointConfig`].
#[derive(Clone, Deserialize)]
#[serde(try_from = "EndpointConfig")]
pub struct Endpoint(Arc<Inner>);

impl TryFrom<EndpointConfig> for Endpoint {
    type Error = EndpointConfigError;

    fn try_from(config: EndpointConfig) -> Result<Self, EndpointConfigError> {
        Self::new(config)
    }
}

pub(crate) struct Inner {
    /// With the parameters and the token.
    pub(crate) url: Url,
    /// Without them.
    pub(crate) shown: String,
    pub(crate) headers: HeaderMap,
    pub(crate) basic_auth: Option<BasicAuth>,
    pub(crate) timeout: Duration,
    /// The client for its own certificates and proxy; `None` where those of the system do.
    pub(crate) client: Option<Client>,
    pub(crate) secrets: Secrets,
}

impl Endpoint {
    /// The endpoint that these settings describe. Nothing is sent to it.
    ///
    /// # Errors
    ///
    /// The address or a header is none, or the certificates can't be read.
    pub fn new(config: EndpointConfig) -> Result<Self, EndpointConfigError> {
        let mut url = Url::parse(&config.url).map_err(|error| EndpointConfigError::Url(error.into()))?;
        if !["http", "https"].contains(&url.scheme()) {
            return Err(EndpointConfigError::Scheme);
        }
        let shown = shown(&url);
        let secrets = Secrets::of(&config, &url);
        if let Some(secret) = &config.path_secret {
            url.set_path(&format!("{}{}", url.path(), secret.expose()));
        }
        if config.basic_auth.is_some() {
            // It counts more than what the address says, and two can't be sent.
            let _ = url.set_username("").and_then(|()| url.set_password(None));
        }
        let token = config.token.iter().map(|token| (config.token_name.as_str(), token.expose()));
        let params = config.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in params.chain(token) {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(Self(Arc::new(Inner {
            url,
            shown,
            headers: headers(&config)?,
            basic_auth: config.basic_auth,
            timeout: config.timeout,
            client: client::own(config.cafile.as_deref(), config.proxy.as_ref())?,
            secrets,
        })))
    }

    /// The address as logs and errors show it: without user, password, query and fragment.
    pub fn url(&self) -> &str {
        &self.0.shown
    }

    /// The beginning of what the endpoint said, for an error or a log: one line of at most 200 characters, without the
    /// secrets of the settings.
    pub fn excerpt(&self, said: impl AsRef<[u8]>) -> String {
        self.0.secrets.excerpt(said.as_ref())
    }

    /// A request with a JSON body, to be sent.
    ///
    /// The path is put behind that of the endpoint's address; an empty one is that address itself. It is plain text, of
    /// which only slashes mean something: `conversations/ann & bob?/messages` needs no escaping. Segments `.` and `..`
    /// are left out.
    pub fn post(&self, path: &str, json: &impl Serialize) -> Call<'_> {
        Call::new(&self.0, path, Some(serde_json::to_vec(json)))
    }

    /// A `GET`, to be sent. The path is put behind that of the endpoint's address, as for [`post`](Self::post).
    pub fn get(&self, path: &str) -> Call<'_> {
        Call::new(&self.0, path, None)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.0.shown).finish()
    }
}

fn headers(config: &EndpointConfig) -> Result<HeaderMap, EndpointConfigError> {
    let header = |(name, value): (&String, &String)| {
        let wrong_name = |_| EndpointConfigError::HeaderName(name.clone());
        let wrong_value = |_| EndpointConfigError::HeaderValue(name.clone());
        let name: HeaderName = name.parse().map_err(wrong_name)?;
        let mut value: HeaderValue = value.parse().map_err(wrong_value)?;
        value.set_sensitive(true);
        Ok((name, value))
    };
    config.headers.iter().map(header).collect()
}
