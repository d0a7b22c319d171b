//! Short words for what is done with stores.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use channel_core::{BotMessage, Event, Recipient, UserMessage};
use channel_engine::{
    Accepted, Conversation, Due, Expired, Incoming, Kept, LetterId, MessageKey, Outgoing, Outward, Pending,
    Retrial, Scheduled, Settlement, State, Step, Store,
};

pub(super) const HOUR: Duration = Duration::from_hours(1);

/// What a store keeps things in, such as a file: it lasts as long as this.
pub(super) trait Database {
    type Store: Store;

    /// One more store on what is kept here: after a restart, or on another server.
    async fn open(&self) -> Arc<Self::Store>;
}

pub(super) fn ada() -> Conversation {
    Conversation::new("chat", "ada")
}

pub(super) fn bob() -> Conversation {
    Conversation::new("chat", "bob")
}

/// Everything here comes through this channel, where nothing else is said.
pub(super) fn chat() -> Arc<str> {
    "chat".into()
}

pub(super) fn message(id: &str) -> UserMessage {
    UserMessage::new("Hi", "ada").with_message_id(id)
}

/// The key of the message of this id.
pub(super) fn key(id: &str) -> MessageKey {
    MessageKey::new("chat", id)
}

/// A time in days from now, in whole seconds: a store may keep microseconds and no more.
pub(super) fn in_days(days: u32) -> SystemTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs()) + 24 * HOUR * days
}

/// Whether it happened just now.
pub(super) fn is_now(time: SystemTime) -> bool {
    let now = SystemTime::now();
    now - HOUR < time && time < now + HOUR
}

pub(super) async fn accept(store: &impl Store, id: &str) -> Accepted {
    accept_in(store, &ada(), id).await
}

pub(super) async fn accept_in(store: &impl Store, conversation: &Conversation, id: &str) -> Accepted {
    let (channel, message) = (chat(), message(id));
    store.accept(Incoming { conversation, channel: &channel, message: &message, waits: false }).await.unwrap()
}

/// A caller delivers ada's message and waits for the replies.
pub(super) async fn accept_awaited(store: &impl Store, id: &str) -> Accepted {
    let (conversation, channel, message) = (ada(), chat(), message(id));
    let incoming =
        Incoming { conversation: &conversation, channel: &channel, message: &message, waits: true };
    store.accept(incoming).await.unwrap()
}

/// Does something under a lease that nobody else has, and gives it back.
async fn held<T>(store: &impl Store, conversation: &Conversation, act: impl AsyncFnOnce(u64) -> T) -> T {
    let lease = store.lease(conversation).await.unwrap().expect("nobody else holds it");
    let result = act(lease).await;
    store.release(conversation, lease).await.unwrap();
    result
}

/// The last step of no turn, which does nothing.
pub(super) fn idle(conversation: &Conversation) -> Step<'_> {
    Step {
        conversation,
        lease: 0,
        events: &[],
        replies: &[],
        outward: None,
        message: None,
        number: 0,
        is_last: true,
        supersedes: &[],
        schedule: &[],
    }
}

/// Commits the next step under a lease of its own.
pub(super) async fn commit(store: &impl Store, step: Step<'_>) -> Vec<u64> {
    let kept = match step.message {
        Some(key) => store.message(key).await.unwrap(),
        None => None,
    };
    let number = kept.map_or(0, |kept| kept.progress.steps);
    let step = Step { number, ..step };
    held(store, step.conversation, async |lease| store.commit(Step { lease, ..step }).await.unwrap()).await
}

/// Commits a step of the turn of ada's message of this id.
pub(super) async fn answer(store: &impl Store, id: &str, replies: &[BotMessage], is_last: bool) {
    commit(store, Step { replies, message: Some(&key(id)), is_last, ..idle(&ada()) }).await;
}

/// Ends the turn of ada's message of this id.
pub(super) async fn end(store: &impl Store, id: &str) {
    answer(store, id, &[], true).await;
}

/// Adds events that no message is the cause of.
pub(super) async fn add(store: &impl Store, conversation: &Conversation, events: &[Arc<Event>]) {
    commit(store, Step { events, ..idle(conversation) }).await;
}

/// Says something to whom the conversation is with; returns the numbers of the replies.
pub(super) async fn say(store: &impl Store, conversation: &Conversation, texts: &[&str]) -> Vec<u64> {
    let replies: Vec<BotMessage> = texts.iter().map(|text| (*text).into()).collect();
    let (channel, to) = (chat(), Recipient::new(&*conversation.sender_id));
    let outward = Some(Outward { channel: &channel, to: &to });
    commit(store, Step { replies: &replies, outward, ..idle(conversation) }).await
}

/// Schedules something in ada's conversation.
pub(super) async fn schedule(store: &impl Store, days: u32, what: Due) -> Scheduled {
    let scheduled = Scheduled { due: in_days(days), channel: chat(), what };
    commit(store, Step { schedule: std::slice::from_ref(&scheduled), ..idle(&ada()) }).await;
    scheduled
}

/// Fails ada's message of this id.
pub(super) async fn fail(store: &impl Store, id: &str, error: &str, then: Retrial) {
    held(store, &ada(), async |lease| store.fail(&key(id), lease, error, then).await.unwrap()).await;
}

/// Makes ada's pending message of this id a dead letter.
pub(super) async fn kill(store: &impl Store, id: &str) -> LetterId {
    let message = pending(store).await.into_iter().find(|pending| pending.message.message_id == id).unwrap();
    fail(store, id, "it broke", Retrial::Never).await;
    LetterId::Message(message.id)
}

pub(super) async fn supersede(store: &impl Store, ids: &[&str], by: &str) {
    let keys: Vec<_> = ids.iter().map(|id| key(id)).collect();
    held(store, &ada(), async |lease| store.supersede(&keys, lease, by).await.unwrap()).await;
}

/// Settles a reply to ada.
pub(super) async fn settle(store: &impl Store, id: u64, settlement: Settlement<'_>) {
    held(store, &ada(), async |lease| store.settle(&ada(), lease, id, settlement).await.unwrap()).await;
}

/// Makes a reply to ada a dead letter.
pub(super) async fn bounce(store: &impl Store, id: u64) -> LetterId {
    settle(store, id, Settlement::Dead { outcome: "failed", error: "refused" }).await;
    LetterId::Reply(id)
}

pub(super) async fn replace(store: &impl Store, conversation: &Conversation, events: &[Arc<Event>]) {
    held(store, conversation, async |lease| store.replace(conversation, lease, events).await.unwrap()).await;
}

pub(super) async fn remove(store: &impl Store, conversation: &Conversation) -> bool {
    held(store, conversation, async |lease| store.remove(conversation, lease).await.unwrap()).await
}

/// All that is pending from ada.
pub(super) async fn pending(store: &impl Store) -> Vec<Pending> {
    store.pending(&ada(), 1_000).await.unwrap()
}

/// The ids of ada's pending messages.
pub(super) async fn pending_ids(store: &impl Store) -> Vec<String> {
    pending(store).await.into_iter().map(|pending| pending.message.message_id).collect()
}

/// All that is to be sent to ada.
pub(super) async fn unsent(store: &impl Store) -> Vec<Outgoing> {
    store.unsent(&ada(), 1_000).await.unwrap()
}

/// The texts that are to be sent to ada.
pub(super) async fn unsent_texts(store: &impl Store) -> Vec<String> {
    unsent(store).await.into_iter().map(|outgoing| outgoing.reply.text.unwrap()).collect()
}

/// What is known of a message that is known.
pub(super) async fn kept(store: &impl Store, id: &str) -> Kept {
    store.message(&key(id)).await.unwrap().unwrap()
}

pub(super) async fn state(store: &impl Store, id: &str) -> State {
    kept(store, id).await.state
}

/// What was said in the turn of a message.
pub(super) async fn replies(store: &impl Store, id: &str) -> Vec<BotMessage> {
    kept(store, id).await.progress.replies
}

pub(super) fn actions<const N: usize>(names: [&str; N]) -> [Arc<Event>; N] {
    names.map(|name| Arc::new(Event::action(name)))
}

/// The events of a conversation that there is.
pub(super) async fn load(store: &impl Store, conversation: &Conversation) -> Vec<Arc<Event>> {
    store.load(conversation).await.unwrap().unwrap().into_iter().map(Arc::new).collect()
}

/// So old that nothing is forgotten.
pub(super) fn nothing() -> Expired {
    let long_ago = SystemTime::UNIX_EPOCH;
    Expired { messages: long_ago, dead_letters: long_ago, conversations: None }
}
