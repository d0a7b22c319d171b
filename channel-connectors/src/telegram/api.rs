//! The Bot API, <https://core.telegram.org/bots/api#making-requests>.

use std::{fmt, time::Duration};

use channel_core::SendError;
use channel_endpoint::{Endpoint, EndpointConfig, EndpointConfigError, EndpointError};
use serde_json::Value;

/// A call that takes longer may have been heard or not.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long Telegram waits for an update before it answers that there is none, in seconds.
pub(super) const POLL: u64 = 50;

/// The Bot API, as this bot calls it.
pub(super) struct BotApi {
    endpoint: Endpoint,
    /// The same, with the time that `getUpdates` takes.
    patient: Endpoint,
}

/// Why a call came to nothing.
#[derive(Debug)]
pub(super) enum CallError {
    /// Telegram said no.
    Refused(Refusal),
    /// Telegram was not reached, or what answered is not Telegram.
    Endpoint { method: &'static str, error: EndpointError },
}

/// What Telegram said.
#[derive(Debug)]
pub(super) struct Refusal {
    method: &'static str,
    code: u64,
    description: String,
    retry_after: Option<Duration>,
    migrated_to: Option<i64>,
}

impl BotApi {
    pub(super) fn new(config: EndpointConfig) -> Result<Self, EndpointConfigError> {
        let patient = config.clone().with_timeout(TIMEOUT + Duration::from_secs(POLL));
        Ok(Self { endpoint: Endpoint::new(config.with_timeout(TIMEOUT))?, patient: Endpoint::new(patient)? })
    }

    /// Calls once; the `result`.
    pub(super) async fn call(&self, method: &'static str, body: &Value) -> Result<Value, CallError> {
        call(&self.endpoint, method, body).await
    }

    /// What may be logged of a text of Telegram's or an address: many bots have their token in the address of their webhook.
    pub(super) fn excerpt(&self, said: &str) -> String {
        self.endpoint.excerpt(said)
    }

    /// Waits for updates, up to [`POLL`] seconds.
    pub(super) async fn updates(&self, body: &Value) -> Result<Value, CallError> {
        call(&self.patient, "getUpdates", body).await
    }
}

async fn call(endpoint: &Endpoint, method: &'static str, body: &Value) -> Result<Value, CallError> {
    let reply = match endpoint.post(method, body).send().await.and_then(|reply| reply.json()) {
        Ok(reply) => Ok((reply, 200, None)),
        Err(EndpointError::Status { body, status, retry_after, .. }) if is_telegrams(&body) => {
            Ok((serde_json::from_slice(&body).unwrap_or_default(), status, retry_after))
        }
        Err(error) => Err(CallError::Endpoint { method, error }),
    };
    let (mut reply, status, retry_after) = reply?;
    if reply.get("ok") == Some(&Value::Bool(true)) {
        return Ok(reply.get_mut("result").map(Value::take).unwrap_or_default());
    }
    let number = |pointer| reply.pointer(pointer).and_then(Value::as_u64);
    let said = reply.get("description").and_then(Value::as_str).unwrap_or("no reason given");
    Err(CallError::Refused(Refusal {
        method,
        code: number("/error_code").unwrap_or(status.into()),
        description: endpoint.excerpt(said),
        retry_after: number("/parameters/retry_after").map(Duration::from_secs).or(retry_after),
        migrated_to: reply.pointer("/parameters/migrate_to_chat_id").and_then(Value::as_i64),
    }))
}

/// Whether this is the answer of the Bot API, and not that of a proxy before it.
fn is_telegrams(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body.get("ok").is_some())
}

impl CallError {
    /// Whether the same call may succeed later.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            // A code of success is nobody's refusal: it is not Telegram that answers.
            Self::Refused(refusal) => refusal.code == 429 || refusal.code >= 500 || refusal.code < 400,
            // What is no JSON is not Telegram's: a proxy's page, which goes away.
            Self::Endpoint { error, .. } => {
                error.is_retryable() || matches!(error, EndpointError::NotJson { .. })
            }
        }
    }

    /// How long Telegram wants to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            Self::Endpoint { error, .. } => error.retry_after(),
        }
    }

    /// Whether somebody else asks for the bot's updates.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused(Refusal { code: 409, .. }))
    }

    /// The supergroup that the group has become.
    pub(super) fn migrated_to(&self) -> Option<i64> {
        match self {
            Self::Refused(refusal) => refusal.migrated_to,
            Self::Endpoint { .. } => None,
        }
    }

    /// Whether the text's marks are what Telegram does not take.
    pub(super) fn is_about_markup(&self) -> bool {
        matches!(self, Self::Refused(Refusal { code: 400, description, .. }) if description.contains("can't parse"))
    }

    /// The failure of a send.
    pub(super) fn into_send_error(self) -> SendError {
        match self {
            Self::Refused(refusal) if refusal.code == 429 || refusal.code >= 500 => {
                let failure = SendError::retryable(refusal.to_string());
                match refusal.retry_after {
                    Some(wait) => failure.after(wait),
                    None => failure,
                }
            }
            Self::Refused(refusal) => SendError::permanent(refusal.to_string()),
            Self::Endpoint { method, error } => error.into_send_error(&format!("`{method}` failed")),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Endpoint { method, error } => write!(f, "`{method}` failed: {error}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, code, description, .. } = self;
        write!(f, "Telegram refused `{method}`: {code} {description}; {}", remedy(*code, description))
    }
}

fn remedy(code: u64, description: &str) -> &'static str {
    match code {
        401 | 404 => "check `access_token`",
        403 if description.contains("blocked") => "the user blocked the bot, and has to unblock it",
        403 => "the bot has to be a member, or the user has to write to it first",
        409 => "another program asks for this bot's updates: stop it, or give it a bot of its own",
        400 if description.contains("chat not found") => "somebody there has to write to the bot first",
        429 => "call it less often",
        500.. => "it may pass",
        _ => "https://core.telegram.org/bots/api explains it",
    }
}
