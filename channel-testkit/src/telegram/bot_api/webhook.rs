//! `setWebhook`, `deleteWebhook`, `getWebhookInfo`, <https://core.telegram.org/bots/api#setwebhook>.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Arguments, Refusal, bad};
use crate::telegram::{Inner, world::Webhook};

impl Inner {
    /// Telegram asks for HTTPS; here HTTP is good enough.
    pub(super) fn set_webhook(self: &Arc<Self>, arguments: &Arguments) -> Result<Value, Refusal> {
        let url = arguments.text("url").unwrap_or_default().into_owned();
        if url.is_empty() {
            return Ok(self.delete_webhook(arguments));
        }
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(bad("bad webhook: An HTTPS URL must be provided for webhook"));
        }
        let secret = arguments.text("secret_token").filter(|secret| !secret.is_empty());
        let is_unallowed = |letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-');
        if secret.as_ref().is_some_and(|secret| secret.contains(is_unallowed)) {
            return Err(bad("secret token contains unallowed characters"));
        }
        if secret.as_ref().is_some_and(|secret| secret.len() > 256) {
            return Err(bad("secret token is too long"));
        }
        let secret = secret.map(std::borrow::Cow::into_owned);
        let allowed = allowed_updates(arguments)?;
        let max_connections = arguments.int("max_connections").unwrap_or(40).clamp(1, 100);
        self.change(|world| {
            world.webhook = Some(Webhook { url, secret, max_connections });
            world.allowed = allowed.unwrap_or_else(|| world.allowed.clone());
            world.last_error = None;
            if arguments.is("drop_pending_updates") {
                world.pending.clear();
            }
        });
        self.deliver_pending();
        Ok(true.into())
    }

    pub(super) fn delete_webhook(&self, arguments: &Arguments) -> Value {
        self.change(|world| {
            world.webhook = None;
            if arguments.is("drop_pending_updates") {
                world.pending.clear();
            }
        });
        true.into()
    }

    pub(super) fn webhook_info(&self) -> Value {
        self.look(|world| {
            let webhook = world.webhook.as_ref();
            let mut info = json!({
                "url": webhook.map_or("", |webhook| &webhook.url),
                "has_custom_certificate": false,
                "pending_update_count": world.pending.len(),
            });
            if let Some(webhook) = webhook {
                info["max_connections"] = webhook.max_connections.into();
            }
            if !world.allowed.is_empty() {
                info["allowed_updates"] = json!(world.allowed);
            }
            if let Some((at, why)) = &world.last_error {
                info["last_error_date"] = json!(at);
                info["last_error_message"] = json!(why);
            }
            info
        })
    }
}

/// The kinds of updates that a bot wants; `None` where it does not say.
pub(super) fn allowed_updates(arguments: &Arguments) -> Result<Option<Vec<String>>, Refusal> {
    let Some(kinds) = arguments.json("allowed_updates")? else { return Ok(None) };
    let kinds = serde_json::from_value(kinds);
    kinds.map(Some).map_err(|_| bad("can't parse allowed_updates JSON object"))
}
