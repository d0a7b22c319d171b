//! The credentials of the channel.

use std::time::Duration;

use channel_core::Secret;
use channel_endpoint::{Endpoint, EndpointConfig};
use serde::{Deserialize, de::IgnoredAny};

use super::{Slack, inbound::Reader, output::WebApi, signature::Signature};

/// A call to the Web API that takes longer may have been heard or not.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Rasa's keys, and a few more.
#[derive(Deserialize)]
pub(super) struct SlackSettings {
    /// The bot's token.
    slack_token: Secret,
    /// What Slack signs with.
    slack_signing_secret: Secret,
    /// The channel that is listened to without a mention, and that messages go to which answer nobody.
    #[serde(default)]
    slack_channel: Option<String>,
    /// An HTTP proxy on the way to the Web API.
    #[serde(default)]
    proxy: Option<Secret>,
    /// Where the Web API is.
    #[serde(default = "default_api_url")]
    api_url: String,
    /// Whether replies go into the thread of the message.
    #[serde(default)]
    use_threads: bool,
    /// What a conversation is.
    #[serde(default, alias = "conversation")]
    conversation_granularity: Granularity,
    /// Whether edits and deletions are messages too.
    #[serde(default)]
    edits: bool,
    /// Whether the metadata has what Slack sent.
    #[serde(default)]
    raw_event: bool,
    /// The header that says why Slack delivers again, for the log.
    #[serde(default = "default_retry_reason_header")]
    slack_retry_reason_header: String,
    /// The header that says how often Slack delivered again, for the log.
    #[serde(default = "default_retry_number_header")]
    slack_retry_number_header: String,
    /// Rasa drops what is delivered again for these reasons. Here it has its one turn, whether the first delivery was kept
    /// or not.
    #[serde(default, rename = "errors_ignore_retry")]
    _errors_ignore_retry: IgnoredAny,
}

/// What a conversation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Granularity {
    /// All that somebody says, wherever.
    #[default]
    Sender,
    /// What somebody says in one channel.
    Channel,
    /// What somebody says in one thread.
    Thread,
}

impl TryFrom<SlackSettings> for Slack {
    type Error = String;

    fn try_from(settings: SlackSettings) -> Result<Self, Self::Error> {
        let mut endpoint = EndpointConfig::new(settings.api_url).with_timeout(TIMEOUT);
        let bearer = format!("Bearer {}", settings.slack_token.expose());
        endpoint.headers.insert("Authorization".to_owned(), bearer);
        endpoint.proxy = settings.proxy;
        let endpoint = Endpoint::new(endpoint)
            .map_err(|error| format!("`api_url`, `proxy` or `slack_token` is wrong: {error}"))?;
        Ok(Self {
            signature: Signature::new(&settings.slack_signing_secret),
            api: WebApi::new(endpoint, settings.slack_channel.clone()).into(),
            reader: Reader {
                channel: settings.slack_channel,
                granularity: settings.conversation_granularity,
                use_threads: settings.use_threads,
                edits: settings.edits,
                raw_event: settings.raw_event,
                retry_reason_header: settings.slack_retry_reason_header,
                retry_number_header: settings.slack_retry_number_header,
            },
        })
    }
}

fn default_api_url() -> String {
    "https://slack.com/api".to_owned()
}

fn default_retry_reason_header() -> String {
    "x-slack-retry-reason".to_owned()
}

fn default_retry_number_header() -> String {
    "x-slack-retry-num".to_owned()
}
