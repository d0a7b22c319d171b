//! Asking for updates, <https://core.telegram.org/bots/api#getupdates>.

use std::time::{Duration, Instant};

use channel_core::{Notes, OnNewMessage, Shutdown};
use serde_json::{Value, json};

use super::pauses::Pauses;
use crate::telegram::{
    Telegram,
    api::{CallError, POLL},
};

/// The first update that was not kept yet.
const NOTE: &str = "offset";

/// Telegram waits for updates: an answer without any that is there so soon is no answer of Telegram's.
const SOON: Duration = Duration::from_secs(1);

/// Asks for updates until the server is about to stop, or Telegram will never give any.
pub(in crate::telegram) async fn poll(
    bot: &Telegram,
    on_new_message: &OnNewMessage,
    notes: &Notes,
    shutdown: &Shutdown,
) {
    tokio::select! {
        () = shutdown.requested() => {}
        () = ask(bot, on_new_message, notes, shutdown) => {}
    }
}

async fn ask(bot: &Telegram, on_new_message: &OnNewMessage, notes: &Notes, shutdown: &Shutdown) {
    let mut pauses = Pauses::new();
    while let Err(error) = release_webhook(bot).await {
        if !goes_on(&error, &mut pauses, shutdown).await {
            return;
        }
    }
    let mut offset = noted_offset(notes).await;
    loop {
        let asked = json!({ "offset": offset, "timeout": POLL, "allowed_updates": bot.reader.updates() });
        let asked_at = Instant::now();
        match bot.api.updates(&asked).await {
            Ok(updates) => {
                let updates = updates.as_array().map_or(&[][..], Vec::as_slice);
                let before = offset;
                if keep(bot, updates, on_new_message).await {
                    offset = after(updates, offset, notes).await;
                }
                if offset != before || (updates.is_empty() && asked_at.elapsed() >= SOON) {
                    pauses = Pauses::new();
                } else if !pauses.pause(None, shutdown).await {
                    return;
                }
            }
            Err(error) if !goes_on(&error, &mut pauses, shutdown).await => return,
            Err(_) => {}
        }
    }
}

/// Telegram gives no updates to whoever asks while it delivers them.
async fn release_webhook(bot: &Telegram) -> Result<(), CallError> {
    let info = bot.api.call("getWebhookInfo", &json!({})).await?;
    let Some(url) = info.get("url").and_then(Value::as_str).filter(|url| !url.is_empty()) else {
        return Ok(());
    };
    bot.api.call("deleteWebhook", &json!({})).await?;
    let url = bot.api.excerpt(url);
    tracing::warn!(url, "the bot's webhook is no longer set: without `webhook_url` updates are asked for");
    Ok(())
}

/// Logs a failure and waits; `false` where another try can't help.
async fn goes_on(error: &CallError, pauses: &mut Pauses, shutdown: &Shutdown) -> bool {
    if !error.may_pass() && !error.is_conflict() {
        tracing::error!(%error, "no more updates are asked for: this would fail again");
        return false;
    }
    tracing::warn!(%error, "no updates came; they are asked for again");
    pauses.pause(error.retry_after(), shutdown).await
}

/// Whether all updates were kept. Those that were are the same messages when they come again.
async fn keep(bot: &Telegram, updates: &[Value], on_new_message: &OnNewMessage) -> bool {
    for update in updates {
        if let Err(error) = bot.hear(update, on_new_message).await {
            tracing::warn!(%error, "an update could not be kept; it is asked for again");
            return false;
        }
    }
    true
}

async fn noted_offset(notes: &Notes) -> Option<i64> {
    let offset = notes.get(NOTE).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the store does not say which updates were kept: some may come again");
        None
    });
    offset.and_then(|offset| offset.parse().ok())
}

/// The offset behind these updates, noted.
async fn after(updates: &[Value], offset: Option<i64>, notes: &Notes) -> Option<i64> {
    let last = updates.iter().filter_map(|update| update.get("update_id")?.as_i64()).max();
    let Some(next) = last.map(|last| last.saturating_add(1)) else { return offset };
    if let Err(error) = notes.set(NOTE, &next.to_string()).await {
        tracing::warn!(%error, "the store does not keep which updates were kept: some may come again");
    }
    Some(next)
}
