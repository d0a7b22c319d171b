//! The credentials of the channel.

use channel_core::Secret;
use channel_endpoint::EndpointConfig;
use serde::Deserialize;

use super::{
    Telegram,
    api::BotApi,
    aside::Aside,
    inbound::Reader,
    receiving::{Receiving, Webhook},
    secret::SecretToken,
};

/// Rasa's keys, and a few more.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the credentials")]
pub(super) struct TelegramSettings {
    /// The bot's token.
    access_token: Secret,
    /// The bot's user name.
    verify: String,
    /// Where Telegram delivers to.
    #[serde(default)]
    webhook_url: Option<String>,
    /// What every delivery carries.
    #[serde(default)]
    secret_token: Option<Secret>,
    /// Where the Bot API is.
    #[serde(default = "default_api_url")]
    api_url: String,
    /// An HTTP proxy on the way to the Bot API.
    #[serde(default)]
    proxy: Option<Secret>,
    /// What a conversation is.
    #[serde(default, alias = "conversation")]
    conversation_granularity: Granularity,
    /// What the bot's texts are written in.
    #[serde(default)]
    format: Format,
    /// Whether edits are messages too.
    #[serde(default)]
    edits: bool,
    /// Whether comings and goings are messages too.
    #[serde(default)]
    membership: bool,
    /// Whether the metadata has what Telegram sent.
    #[serde(default)]
    raw_event: bool,
    /// Whether people see that the bot writes as soon as their message is kept.
    #[serde(default)]
    typing: bool,
}

/// What a conversation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Granularity {
    /// All that is said in a chat, by whomever.
    #[default]
    Chat,
    /// All that somebody says, wherever.
    Sender,
    /// All that is said in one topic of a chat.
    Topic,
}

/// What the bot's texts are written in, <https://core.telegram.org/bots/api#formatting-options>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Format {
    /// They are shown as they are.
    #[default]
    #[serde(rename = "plain")]
    Plain,
    /// Ordinary Markdown, as language models write it.
    #[serde(rename = "markdown")]
    Markdown,
    /// Telegram's own Markdown.
    MarkdownV2,
    /// Telegram's HTML.
    #[serde(rename = "HTML", alias = "html")]
    Html,
}

impl TryFrom<TelegramSettings> for Telegram {
    type Error = String;

    fn try_from(settings: TelegramSettings) -> Result<Self, Self::Error> {
        let mut endpoint = EndpointConfig::new(format!("{}/bot", settings.api_url.trim_end_matches('/')))
            .with_path_secret(settings.access_token.clone());
        endpoint.proxy = settings.proxy;
        let api = BotApi::new(endpoint).map_err(|error| format!("`api_url` or `proxy` is wrong: {error}"))?;
        let url = settings.webhook_url.filter(|url| !url.is_empty());
        let secret = match (settings.secret_token, &url) {
            (Some(secret), _) => SecretToken::given(secret)?,
            (None, Some(_)) => SecretToken::derived_from(&settings.access_token),
            (None, None) => SecretToken::none(),
        };
        let reader = Reader {
            name: settings.verify.trim_start_matches('@').to_owned(),
            granularity: settings.conversation_granularity,
            edits: settings.edits,
            membership: settings.membership,
            raw_event: settings.raw_event,
        };
        let receiving = match (url, secret.secret()) {
            (Some(url), Some(secret)) => {
                Receiving::Webhook(Webhook::new(url, secret, &settings.access_token))
            }
            _ => Receiving::Polling,
        };
        let aside = Aside::new(settings.typing);
        Ok(Self { secret, reader, receiving, aside, format: settings.format, api: api.into() })
    }
}

fn default_api_url() -> String {
    "https://api.telegram.org".to_owned()
}
