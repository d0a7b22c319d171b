//! What is told Telegram by the way: that a press was heard, that the bot is writing.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{api::BotApi, inbound::Heard};

/// So many such calls are under way at most. What comes on top is left unsaid: nothing but a spinner depends on it.
const AT_ONCE: usize = 32;

/// Calls Telegram while nobody waits for it.
pub(super) struct Aside {
    places: Arc<Semaphore>,
    typing: bool,
}

impl Aside {
    pub(super) fn new(typing: bool) -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), typing }
    }

    /// Reacts to what was heard and kept.
    pub(super) fn react(&self, api: &Arc<BotApi>, heard: &Heard) {
        if let Some(id) = &heard.callback {
            self.call(api, "answerCallbackQuery", json!({ "callback_query_id": id }));
        }
        if let Some(message) = heard.messages.first().filter(|_| self.typing) {
            let to = message.reply_to();
            let mut body = json!({ "chat_id": to.id, "action": "typing" });
            if let Some(thread) = to.details.get("message_thread_id") {
                body["message_thread_id"] = thread.clone();
            }
            self.call(api, "sendChatAction", body);
        }
    }

    fn call(&self, api: &Arc<BotApi>, method: &'static str, body: Value) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            tracing::debug!(method, "Telegram is slow; this call is left out");
            return;
        };
        let api = Arc::clone(api);
        tokio::spawn(async move {
            if let Err(error) = api.call(method, &body).await {
                tracing::debug!(%error, "Telegram was not told");
            }
            drop(place);
        });
    }
}
