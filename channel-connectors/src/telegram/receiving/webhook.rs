//! The webhook, <https://core.telegram.org/bots/api#setwebhook>.

use std::collections::BTreeSet;

use channel_core::{Notes, Secret, Shutdown};
use serde_json::{Value, json};

use super::pauses::Pauses;
use crate::telegram::{
    api::{BotApi, CallError},
    secret::fingerprint,
};

/// What was set, which Telegram does not tell of the secret.
const NOTE: &str = "webhook";

/// Where Telegram is to deliver to, and with which secret.
pub(in crate::telegram) struct Webhook {
    url: String,
    secret: Secret,
    /// Stands for both in the notes.
    mark: String,
}

impl Webhook {
    pub(in crate::telegram) fn new(url: String, secret: &Secret, access_token: &Secret) -> Self {
        let mark = fingerprint(access_token, &format!("{} {url}", secret.expose()));
        Self { url, secret: secret.clone(), mark }
    }

    /// Sets the webhook where it is not set so. What fails is tried again as long as that may help; the server goes on.
    pub(in crate::telegram) async fn register(
        &self,
        api: &BotApi,
        updates: &[&str],
        notes: &Notes,
        shutdown: &Shutdown,
    ) {
        let mut pauses = Pauses::new();
        loop {
            let done = tokio::select! {
                () = shutdown.requested() => return,
                done = self.set(api, updates, notes) => done,
            };
            let Err(error) = done else { return };
            let passing = error.may_pass();
            tracing::error!(
                %error, url = api.excerpt(&self.url), passing,
                "the webhook could not be set: Telegram may deliver nothing. Check `webhook_url`, which has to be https and public"
            );
            if !passing || !pauses.pause(error.retry_after(), shutdown).await {
                return;
            }
        }
    }

    async fn set(&self, api: &BotApi, updates: &[&str], notes: &Notes) -> Result<(), CallError> {
        let info = api.call("getWebhookInfo", &json!({})).await?;
        if let Some(said) = info.get("last_error_message").and_then(Value::as_str) {
            tracing::warn!(said = api.excerpt(said), "Telegram could not deliver lately");
        }
        let mark = notes.get(NOTE).await.unwrap_or_else(|error| unnoted(&*error));
        if self.is_set(&info, updates) && mark.as_deref() == Some(&self.mark) {
            return Ok(());
        }
        let body = json!({
            "url": self.url,
            "secret_token": self.secret.expose(),
            "allowed_updates": updates,
        });
        api.call("setWebhook", &body).await?;
        tracing::info!(url = api.excerpt(&self.url), "Telegram delivers here");
        if let Err(error) = notes.set(NOTE, &self.mark).await {
            unnoted(&*error);
        }
        Ok(())
    }

    fn is_set(&self, info: &Value, updates: &[&str]) -> bool {
        let allowed = info.get("allowed_updates").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let allowed: BTreeSet<_> = allowed.iter().filter_map(Value::as_str).collect();
        info.get("url").is_some_and(|url| *url == self.url) && allowed == updates.iter().copied().collect()
    }
}

/// Without a note, the webhook is set once more than it has to be.
fn unnoted(error: &(dyn std::error::Error + Send + Sync)) -> Option<String> {
    tracing::warn!(%error, "the store does not say what webhook was set");
    None
}
