//! Short words for what is done with stores.

use std::sync::Arc;

use channel_core::{BotMessage, Event, UserMessage};
use channel_engine::{Accepted, Conversation, MessageKey, Step, Store};

pub(super) fn ada() -> Conversation {
    Conversation::new("chat", "ada")
}

pub(super) fn message(id: &str) -> UserMessage {
    UserMessage::new("Hi", "ada").with_message_id(id)
}

/// The key of ada's message of this id.
pub(super) fn key(id: &str) -> MessageKey {
    MessageKey::of(&ada(), &message(id))
}

pub(super) async fn accept(store: &impl Store, id: &str) -> Accepted {
    store.accept(&ada(), &message(id)).await.unwrap()
}

/// Commits a step of the turn of ada's message of this id.
pub(super) async fn answer(store: &impl Store, id: &str, replies: &[BotMessage], is_last: bool) {
    let conversation = ada();
    let step = Step { conversation: &conversation, events: &[], replies, message: Some(&key(id)), is_last };
    store.commit(step).await.unwrap();
}

/// Adds events that no message is the cause of.
pub(super) async fn add(store: &impl Store, conversation: &Conversation, events: &[Arc<Event>]) {
    let step = Step { conversation, events, replies: &[], message: None, is_last: true };
    store.commit(step).await.unwrap();
}

pub(super) fn actions<const N: usize>(names: [&str; N]) -> [Arc<Event>; N] {
    names.map(|name| Arc::new(Event::action(name)))
}

/// The events of a conversation that there is.
pub(super) async fn load(store: &impl Store, conversation: &Conversation) -> Vec<Arc<Event>> {
    store.load(conversation).await.unwrap().unwrap().into_iter().map(Arc::new).collect()
}
