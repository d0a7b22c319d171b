//! The credentials of the channel.

use std::time::Duration;

use channel_core::Secret;
use channel_endpoint::{Endpoint, EndpointConfig};
use serde::{Deserialize, de::IgnoredAny};

use super::{
    Slack,
    answers::Answers,
    inbound::Reader,
    output::{Format, Output, WebApi},
    signature::Signature,
    socket::Socket,
};

/// A call to the Web API that takes longer may have been heard or not.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

/// Rasa's keys, and a few more.
#[derive(Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key of the credentials")]
pub(super) struct SlackSettings {
    /// The bot's token.
    slack_token: Secret,
    /// What Slack signs with; needed without `slack_app_token`.
    #[serde(default)]
    slack_signing_secret: Option<Secret>,
    /// The app's token, for Socket Mode.
    #[serde(default)]
    slack_app_token: Option<Secret>,
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
    /// What the bot's texts are written in.
    #[serde(default)]
    format: Format,
    /// Whether a view that is submitted waits for what the bot says to that.
    #[serde(default)]
    view_responses: bool,
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
        let signature = settings.slack_signing_secret.as_ref().map(Signature::new);
        if signature.is_none() && settings.slack_app_token.is_none() {
            return Err(
                "`slack_signing_secret` is missing; it is in the app's settings under Basic Information \
                        (for Socket Mode, give `slack_app_token`)"
                    .to_owned(),
            );
        }
        if settings.slack_app_token.is_some() && settings.proxy.is_some() {
            return Err(
                "`slack_app_token` and `proxy` do not go together: Socket Mode goes through no proxy"
                    .to_owned(),
            );
        }
        let socket = settings.slack_app_token.as_ref();
        let socket =
            socket.map(|token| settings.endpoint(token, "slack_app_token")).transpose()?.map(Socket::new);
        let endpoint = settings.endpoint(&settings.slack_token, "slack_token")?;
        let answers = Answers::default();
        let api = WebApi::new(endpoint, settings.slack_channel.clone(), settings.proxy.clone()).into();
        Ok(Self {
            signature,
            socket,
            answers: answers.clone(),
            output: Output { api, answers, format: settings.format },
            reader: Reader {
                channel: settings.slack_channel,
                granularity: settings.conversation_granularity,
                use_threads: settings.use_threads,
                edits: settings.edits,
                raw_event: settings.raw_event,
                view_responses: settings.view_responses,
                retry_reason_header: settings.slack_retry_reason_header,
                retry_number_header: settings.slack_retry_number_header,
            },
        })
    }
}

impl SlackSettings {
    /// The Web API with this token, which stands under this key.
    fn endpoint(&self, token: &Secret, key: &str) -> Result<Endpoint, String> {
        let mut config = EndpointConfig::new(&self.api_url).with_timeout(TIMEOUT);
        config.headers.insert("Authorization".to_owned(), format!("Bearer {}", token.expose()));
        config.proxy.clone_from(&self.proxy);
        Endpoint::new(config).map_err(|error| format!("`api_url`, `proxy` or `{key}` is wrong: {error}"))
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
