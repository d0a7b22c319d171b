//! Where the action server is.

use channel_endpoint::EndpointConfig;
use serde::Deserialize;

use crate::endpoint_keys::endpoint_keys;

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

endpoint_keys! {
    struct Keys {
        enable_selective_domain: bool,
    }
}

impl From<EndpointConfig> for ActionServerConfig {
    fn from(endpoint: EndpointConfig) -> Self {
        Self { endpoint, enable_selective_domain: false }
    }
}

impl TryFrom<Keys> for ActionServerConfig {
    type Error = &'static str;

    fn try_from(keys: Keys) -> Result<Self, Self::Error> {
        let enable_selective_domain = keys.enable_selective_domain;
        Ok(Self { endpoint: keys.endpoint()?, enable_selective_domain })
    }
}
