//! The settings of an endpoint.

use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

use channel_core::Secret;
use reqwest::Url;
use serde::{Deserialize, Deserializer, de};

/// How long Rasa waits for an endpoint.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

/// Where an endpoint is, and how it knows us: the keys of Rasa's `EndpointConfig`.
///
/// Neither its `Debug` nor any error shows more of it than the address without its query, and the names of headers.
///
/// # Examples
///
/// ```
/// use channel_core::Settings;
/// use channel_endpoint::{Endpoint, EndpointConfig};
///
/// let settings = Settings::from_json(&serde_json::json!({
///     "url": "https://actions.example.com/webhook",
///     "token": "s3cret",
///     "timeout": 30,
/// }));
/// let config: EndpointConfig = settings.read()?;
/// assert_eq!(Endpoint::new(config)?.url(), "https://actions.example.com/webhook");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct EndpointConfig {
    /// The address: `http://` or `https://`.
    pub url: String,
    /// Query parameters of every request.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// Headers of every request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A name and a password, sent as `Authorization: Basic …`.
    #[serde(default)]
    pub basic_auth: Option<BasicAuth>,
    /// A token, sent as a query parameter.
    #[serde(default)]
    pub token: Option<Secret>,
    /// The name of that query parameter; `token` unless given.
    #[serde(default = "default_token_name")]
    pub token_name: String,
    /// A file of PEM certificates. The endpoint has to have a certificate signed by one of these; those of the system
    /// don't count then.
    #[serde(default)]
    pub cafile: Option<PathBuf>,
    /// The address of an HTTP proxy to go through, user and password included; those of the environment don't count then.
    #[serde(default)]
    pub proxy: Option<Secret>,
    /// A secret that stands right behind the path of the address, as the token in Telegram's `/bot<token>/getMe`; no settings
    /// have it, see [`with_path_secret`](Self::with_path_secret).
    #[serde(skip)]
    pub path_secret: Option<Secret>,
    /// How long a call may take, connecting and reading the reply included; in settings a number of seconds, 300 unless
    /// given.
    #[serde(default = "default_timeout", deserialize_with = "seconds")]
    pub timeout: Duration,
}

/// A name and a password.
#[derive(Clone, Debug, Deserialize)]
pub struct BasicAuth {
    /// The name.
    pub username: String,
    /// The password.
    #[serde(default)]
    pub password: Option<Secret>,
}

impl EndpointConfig {
    /// An endpoint that wants nothing but requests to its address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            params: BTreeMap::new(),
            headers: BTreeMap::new(),
            basic_auth: None,
            token: None,
            token_name: default_token_name(),
            cafile: None,
            proxy: None,
            path_secret: None,
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// Sets how long a call may take.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets what stands right behind the path of the address, and is shown nowhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use channel_core::Secret;
    /// use channel_endpoint::{Endpoint, EndpointConfig};
    ///
    /// // POST https://api.telegram.org/bot<token>/getMe
    /// let config = EndpointConfig::new("https://api.telegram.org/bot").with_path_secret(Secret::new("4242:s3cret"));
    /// let endpoint = Endpoint::new(config)?;
    /// let call = endpoint.post("getMe", &());
    /// assert_eq!(endpoint.url(), "https://api.telegram.org/bot");
    /// # drop(call);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_path_secret(mut self, secret: Secret) -> Self {
        self.path_secret = Some(secret);
        self
    }

    /// Sets the token.
    pub fn with_token(mut self, token: Secret) -> Self {
        self.token = Some(token);
        self
    }
}

impl fmt::Debug for EndpointConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointConfig")
            .field("url", &Url::parse(&self.url).ok().filter(Url::has_host).map(|url| shown(&url)))
            .field("headers", &self.headers.keys())
            .field("cafile", &self.cafile)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// An address without what may be secret in it: user, password, query and fragment.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail where an address can't have them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

fn default_token_name() -> String {
    "token".to_owned()
}

fn default_timeout() -> Duration {
    DEFAULT_TIMEOUT
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(timeout) if !timeout.is_zero() => Ok(timeout),
        _ => Err(de::Error::custom("expected a positive number of seconds")),
    }
}
