//! One lane per conversation that has something to do: whoever came first goes first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use channel_core::Arrival;
use tokio::sync::{Mutex as Turnstile, OwnedMutexGuard};

/// A conversation: a channel (with its instance), and who speaks.
type Conversation = (usize, String);

/// The lanes of all conversations with something to do. An idle conversation has none.
#[derive(Clone, Default)]
pub(super) struct Lanes(Arc<Mutex<HashMap<Conversation, Lane>>>);

struct Lane {
    /// Tokio's mutex is fair: it wakes those who wait in the order in which they came.
    turnstile: Arc<Turnstile<()>>,
    /// How many hold it or wait for it.
    present: usize,
}

/// The right to speak in a conversation, until it is dropped: first the next one may go, then the lane may vanish.
pub(super) struct Entered {
    _guard: OwnedMutexGuard<()>,
    _presence: Presence,
}

struct Presence {
    lanes: Lanes,
    conversation: Conversation,
}

impl Lanes {
    /// Waits until nobody who came earlier is left in the conversation.
    pub(super) async fn enter(&self, arrival: &Arrival) -> Entered {
        // The channel's address names it: the server keeps its channels as long as it runs.
        let channel = Arc::as_ptr(arrival.channel.channel()).cast::<()>().addr();
        let conversation = (channel, arrival.message.sender_id.clone());
        let (turnstile, presence) = self.join(conversation);
        Entered { _guard: turnstile.lock_owned().await, _presence: presence }
    }

    fn join(&self, conversation: Conversation) -> (Arc<Turnstile<()>>, Presence) {
        let mut lanes = self.lock();
        let lane = lanes
            .entry(conversation.clone())
            .or_insert_with(|| Lane { turnstile: Arc::default(), present: 0 });
        lane.present += 1;
        (Arc::clone(&lane.turnstile), Presence { lanes: self.clone(), conversation })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Conversation, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lock();
        if let Some(lane) = lanes.get_mut(&self.conversation) {
            lane.present -= 1;
            if lane.present == 0 {
                lanes.remove(&self.conversation);
            }
        }
    }
}
