//! Where the action server is.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use channel_core::Secret;
use channel_endpoint::{BasicAuth, EndpointConfig};
use serde::Deserialize;

/// Where the action server is: `action_endpoint` in endpoints.yml. The keys are those of [`EndpointConfig`], and
/// `enable_selective_domain`.
///
/// # Examples
///
/// ```
/// use channel_agent::ActionServerConfig;
/// use channel_core::Settings;
///
/// let settings = serde_json::json!({ "url": "http://localhost:5055/webhook", "enable_selective_domain": true });
/// let config: ActionServerConfig = Settings::from_json(&settings).read()?;
/// assert_eq!(config.endpoint.url, "http://localhost:5055/webhook");
/// # Ok::<_, channel_core::Mistakes>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Keys")]
#[non_exhaustive]
pub struct ActionServerConfig {
    /// The endpoint, such as `http://localhost:5055/webhook`.
    pub endpoint: EndpointConfig,
    /// Whether the domain goes along only where it is asked for: by `send_domain: true` of the action in the domain, or
    /// by the server.
    pub enable_selective_domain: bool,
}

/// The keys side by side: a flattened struct would not say which keys there are, and a misspelt one would pass.
#[derive(Deserialize)]
struct Keys {
    url: String,
    #[serde(default)]
    params: BTreeMap<String, String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    basic_auth: Option<BasicAuth>,
    #[serde(default)]
    token: Option<Secret>,
    #[serde(default)]
    token_name: Option<String>,
    #[serde(default)]
    cafile: Option<PathBuf>,
    #[serde(default)]
    timeout: Option<f64>,
    #[serde(default)]
    enable_selective_domain: bool,
}

impl From<EndpointConfig> for ActionServerConfig {
    fn from(endpoint: EndpointConfig) -> Self {
        Self { endpoint, enable_selective_domain: false }
    }
}

impl TryFrom<Keys> for ActionServerConfig {
    type Error = &'static str;

    fn try_from(keys: Keys) -> Result<Self, Self::Error> {
        let mut endpoint = EndpointConfig::new(keys.url);
        if let Some(seconds) = keys.timeout {
            let timeout = Duration::try_from_secs_f64(seconds).ok().filter(|timeout| !timeout.is_zero());
            endpoint.timeout = timeout.ok_or("`timeout`: expected a positive number of seconds")?;
        }
        endpoint.token_name = keys.token_name.unwrap_or(endpoint.token_name);
        endpoint.params = keys.params;
        endpoint.headers = keys.headers;
        endpoint.basic_auth = keys.basic_auth;
        endpoint.token = keys.token;
        endpoint.cafile = keys.cafile;
        Ok(Self { endpoint, enable_selective_domain: keys.enable_selective_domain })
    }
}
