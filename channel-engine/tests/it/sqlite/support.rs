//! Short words for messages in a file.

use std::sync::Arc;

use channel_core::UserMessage;
use channel_engine::{Accepted, Conversation, Incoming, MessageKey, SqliteStore, Store, StoreError};

/// Ada says this, under an id.
pub(super) async fn accept(store: &SqliteStore, id: &str, text: &str) -> Result<Accepted, StoreError> {
    let (conversation, channel) = (ada(), Arc::from("chat"));
    let message = UserMessage::new(text, "ada").with_message_id(id);
    let incoming =
        Incoming { conversation: &conversation, channel: &channel, message: &message, waits: false };
    store.accept(incoming).await
}

pub(super) fn ada() -> Conversation {
    Conversation::new("chat", "ada")
}

pub(super) async fn is_kept(store: &SqliteStore, id: &str) -> bool {
    store.message(&MessageKey::new("chat", id)).await.unwrap().is_some()
}
