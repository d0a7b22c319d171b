//! One lane per conversation that has something to do: whoever came first goes first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use channel_core::Arrival;
use futures_util::FutureExt as _;
use tokio::{
    sync::{Mutex as Turnstile, OwnedMutexGuard},
    task::unconstrained,
};

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
    /// Waits until nobody who came earlier is left in the conversation. The place in the queue is taken by the call: it
    /// does not depend on when which task first awaits.
    pub(super) fn enter(&self, arrival: &Arrival) -> impl Future<Output = Entered> + Send + 'static {
        // The channel's address names it: the server keeps its channels as long as it runs.
        let channel = Arc::as_ptr(arrival.channel.channel()).cast::<()>().addr();
        let conversation = (channel, arrival.message.sender_id.clone());
        let (turnstile, presence) = self.join(conversation);
        // The first poll queues; unconstrained, since a task that has used up its budget would not get that far.
        let mut turn = Box::pin(unconstrained(turnstile.lock_owned()));
        let at_once = (&mut turn).now_or_never();
        async move {
            let guard = match at_once {
                Some(guard) => guard,
                None => turn.await,
            };
            Entered { _guard: guard, _presence: presence }
        }
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
