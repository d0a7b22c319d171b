//! Where the Rasa server is, and how it is spoken to.

use channel_endpoint::EndpointConfig;
use serde::Deserialize;

use crate::endpoint_keys::endpoint_keys;

/// Where the Rasa server is: what stands beside `type: rasa` under `agent` in endpoints.yml. The keys are those of
/// [`EndpointConfig`], and the two below.
///
/// # Examples
///
/// ```
/// use channel_agent::RasaAgentConfig;
/// use channel_core::Settings;
///
/// let settings = serde_json::json!({ "url": "http://localhost:5005", "bare_sender_id": true });
/// let config: RasaAgentConfig = Settings::from_json(&settings).read()?;
/// assert_eq!(config.endpoint.url, "http://localhost:5005");
/// # Ok::<_, channel_core::Mistakes>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Keys")]
#[non_exhaustive]
pub struct RasaAgentConfig {
    /// The server, without `/webhooks/…`: `http://localhost:5005`.
    pub endpoint: EndpointConfig,
    /// Whether Rasa gets sender ids as they are, in place of `<channel>:<sender id>`.
    ///
    /// Set it where Rasa has conversations already that are to go on. The same id on two channels is one conversation then.
    pub bare_sender_id: bool,
    /// Whether Rasa is asked to send each reply as soon as it has it (`?stream=true`), so that it goes out before a slow
    /// action ends.
    ///
    /// A turn that fails in Rasa then never ends there: it fails here after `timeout`, which is worth lowering.
    pub stream: bool,
}

endpoint_keys! {
    struct Keys {
        bare_sender_id: bool,
        stream: bool,
    }
}

impl From<EndpointConfig> for RasaAgentConfig {
    fn from(endpoint: EndpointConfig) -> Self {
        Self { endpoint, bare_sender_id: false, stream: false }
    }
}

impl TryFrom<Keys> for RasaAgentConfig {
    type Error = &'static str;

    fn try_from(keys: Keys) -> Result<Self, Self::Error> {
        let Keys { bare_sender_id, stream, .. } = keys;
        Ok(Self { endpoint: keys.endpoint()?, bare_sender_id, stream })
    }
}
