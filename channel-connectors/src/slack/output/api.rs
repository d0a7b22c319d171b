//! The Web API, <https://docs.slack.dev/apis/web-api>.

use channel_core::{Secret, SendError};
use channel_endpoint::{Endpoint, EndpointConfig};
use serde_json::Value;

use super::post::Post;
use crate::slack::settings::TIMEOUT;

/// These pass; every other error comes again.
const PASSING: [&str; 6] = [
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
];

/// Where Slack takes answers without a token; the other one is that of <https://docs.slack.dev/govslack>.
const HOOKS: [&str; 2] = ["https://hooks.slack.com/", "https://hooks.slack-gov.com/"];

/// The Web API, as this app calls it.
pub(in crate::slack) struct WebApi {
    endpoint: Endpoint,
    channel: Option<String>,
    /// On the way to Slack.
    proxy: Option<Secret>,
}

impl WebApi {
    pub(in crate::slack) fn new(endpoint: Endpoint, channel: Option<String>, proxy: Option<Secret>) -> Self {
        Self { endpoint, channel, proxy }
    }

    /// The channel for what answers nobody.
    pub(super) fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// Calls once; the id of what is now shown.
    pub(super) async fn call(&self, Post { method, body }: Post) -> Result<String, SendError> {
        let called = self.endpoint.post(method, &body).send().await.and_then(|reply| reply.json());
        let reply = called.map_err(|error| error.into_send_error(&format!("`{method}` failed")))?;
        if reply.get("ok") != Some(&Value::Bool(true)) {
            return Err(self.refusal(method, &reply));
        }
        let id = ["/ts", "/message_ts", "/view/id"].iter().find_map(|id| reply.pointer(id)?.as_str());
        Ok(id.unwrap_or_default().to_owned())
    }

    /// Answers by an address that came with a press or a command, <https://docs.slack.dev/interactivity/handling-user-interaction>:
    /// five times, within half an hour.
    pub(super) async fn respond(&self, url: &str, body: Value) -> Result<(), SendError> {
        // What a message says must not lead anywhere else.
        let is_slacks = HOOKS.iter().any(|hooks| url.starts_with(hooks))
            || url.starts_with(&format!("{}/", self.endpoint.url()));
        let mut config = EndpointConfig::new(url).with_timeout(TIMEOUT);
        config.proxy.clone_from(&self.proxy);
        let endpoint = Some(config).filter(|_| is_slacks).and_then(|config| Endpoint::new(config).ok());
        let endpoint = endpoint.ok_or_else(|| {
            let hooks = HOOKS[0];
            SendError::permanent(format!("`response_url` is none of Slack's: it has to begin with `{hooks}`"))
        })?;
        let sent = endpoint.post("", &body).send().await;
        // The address is as good as a secret.
        sent.map(drop).map_err(|error| error.into_send_error("`response_url` failed"))
    }

    /// Slack refuses with a status of success.
    fn refusal(&self, method: &str, reply: &Value) -> SendError {
        let code = reply.get("error").and_then(Value::as_str).unwrap_or("no reason given");
        let details = reply.pointer("/response_metadata/messages").or_else(|| reply.get("needed"));
        let said = match details {
            Some(details) => format!("{code} {details}"),
            None => code.to_owned(),
        };
        let said = self.endpoint.excerpt(said);
        let reason = format!("Slack refused `{method}`: {said}; {}", remedy(code));
        if PASSING.contains(&code) { SendError::retryable(reason) } else { SendError::permanent(reason) }
    }
}

fn remedy(code: &str) -> &'static str {
    match code {
        "not_authed" | "invalid_auth" | "token_revoked" | "token_expired" | "account_inactive" => {
            "check `slack_token`"
        }
        "not_in_channel" | "channel_not_found" => "invite the bot to the channel",
        "missing_scope" => "give the app this scope and install it again",
        code if PASSING.contains(&code) => "it may pass",
        _ => "https://docs.slack.dev/reference/methods explains it",
    }
}
