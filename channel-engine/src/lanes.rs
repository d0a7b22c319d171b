//! One lane per conversation that has something to do: whoever came first goes first.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::Conversation;

/// Those who wait in a conversation, the first of them first.
type Lane = VecDeque<oneshot::Sender<Entered>>;

/// The lanes of all conversations with something to do. An idle conversation has none.
#[derive(Clone, Default)]
pub(crate) struct Lanes(Arc<Mutex<HashMap<Conversation, Lane>>>);

/// The right to speak in a conversation. Dropped, it goes to the next one; without one, the lane vanishes.
pub(crate) struct Entered {
    lanes: Lanes,
    conversation: Conversation,
}

impl Lanes {
    /// Waits until nobody who came earlier is left in the conversation. The place in the queue is taken by the call: it
    /// does not depend on when which task first awaits.
    pub(crate) fn enter(&self, conversation: &Conversation) -> impl Future<Output = Entered> + Send + use<> {
        let place = self.join(conversation.clone());
        async move {
            match place {
                Ok(entered) => entered,
                // The right is passed on, never lost: whoever has it passes it on when dropped.
                Err(waiting) => waiting.await.expect("the right to speak is passed on"),
            }
        }
    }

    /// Speaks at once, or waits behind those who are there.
    fn join(&self, conversation: Conversation) -> Result<Entered, oneshot::Receiver<Entered>> {
        match self.lock().entry(conversation) {
            Entry::Vacant(vacant) => {
                let conversation = vacant.key().clone();
                vacant.insert(Lane::new());
                Ok(Entered { lanes: self.clone(), conversation })
            }
            Entry::Occupied(mut lane) => {
                let (pass_on, waiting) = oneshot::channel();
                lane.get_mut().push_back(pass_on);
                Err(waiting)
            }
        }
    }

    /// The next one who still waits; where there is none, the lane vanishes.
    fn next(&self, conversation: Conversation) -> Option<(oneshot::Sender<Entered>, Conversation)> {
        let mut lanes = self.lock();
        let Entry::Occupied(mut lane) = lanes.entry(conversation) else { return None };
        while let Some(next) = lane.get_mut().pop_front() {
            if !next.is_closed() {
                return Some((next, lane.key().clone()));
            }
        }
        lane.remove();
        None
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Conversation, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some((next, conversation)) = self.lanes.next(self.conversation.clone()) {
            // Whoever just gave up waiting drops the right that comes back, which passes it on.
            let _ = next.send(Self { lanes: self.lanes.clone(), conversation });
        }
    }
}
