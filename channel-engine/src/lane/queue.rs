//! What waits in each conversation: whoever came first goes first.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, futures::Notified};

use super::{Job, Said};
use crate::{Conversation, MessageKey};

/// The lanes of all conversations with something to do. An idle conversation has none.
#[derive(Default)]
pub(crate) struct Lanes {
    lanes: Mutex<HashMap<Conversation, Lane>>,
    emptied: Notify,
}

struct Lane {
    jobs: VecDeque<Job>,
    /// Something is done in the conversation, other than a look into the store that finds nothing to answer.
    is_at_work: bool,
    news: Arc<Notify>,
}

/// The lane of a conversation, as the one task sees it that works in it. Dropped before its end, it takes all that waits
/// with it: no later job waits for a task that is gone.
pub(crate) struct Opened<'a> {
    lanes: &'a Lanes,
    conversation: Conversation,
    news: Arc<Notify>,
    is_open: bool,
}

impl Lanes {
    /// Puts a job behind those that wait. Whether the lane is new: then somebody has to [work](Self::open) in it.
    pub(crate) fn enter(&self, conversation: &Conversation, job: Job) -> bool {
        match self.lock().entry(conversation.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(Lane { jobs: VecDeque::from([job]), is_at_work: false, news: Arc::default() });
                true
            }
            Entry::Occupied(mut lane) => {
                lane.get_mut().jobs.push_back(job);
                lane.get().news.notify_one();
                false
            }
        }
    }

    /// Says that something has changed in what waits.
    pub(crate) fn poke(&self, conversation: &Conversation) {
        if let Some(lane) = self.lock().get(conversation) {
            lane.news.notify_one();
        }
    }

    /// Whether a turn runs or waits in a conversation. A look into the store is none.
    pub(crate) fn is_busy(&self, conversation: &Conversation) -> bool {
        self.lock()
            .get(conversation)
            .is_some_and(|lane| lane.is_at_work || !lane.jobs.iter().all(|job| matches!(job, Job::Look(_))))
    }

    pub(crate) fn open(&self, conversation: Conversation) -> Opened<'_> {
        let news = self.lock().get(&conversation).map(|lane| Arc::clone(&lane.news)).unwrap_or_default();
        Opened { lanes: self, conversation, news, is_open: true }
    }

    /// Whether no conversation has anything to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Is over when the last of them vanishes from now on.
    pub(crate) fn emptied(&self) -> Notified<'_> {
        self.emptied.notified()
    }

    /// Takes a lane away with all that waits in it.
    fn remove(&self, lanes: &mut HashMap<Conversation, Lane>, conversation: &Conversation) -> Option<Lane> {
        let lane = lanes.remove(conversation);
        if lanes.is_empty() {
            self.emptied.notify_waiters();
        }
        lane
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Conversation, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opened<'_> {
    /// The next job; where there is none, the lane vanishes.
    pub(crate) fn next(&mut self) -> Option<Job> {
        let mut lanes = self.lanes.lock();
        let job = lanes.get_mut(&self.conversation).and_then(|lane| {
            let job = lane.jobs.pop_front();
            lane.is_at_work = job.as_ref().is_some_and(|job| !matches!(job, Job::Look(_)));
            job
        });
        if job.is_none() {
            self.lanes.remove(&mut lanes, &self.conversation);
            self.is_open = false;
        }
        job
    }

    /// Says whether something is done in the conversation: a look into the store may find what is to be answered.
    pub(crate) fn set_at_work(&self, is_at_work: bool) {
        if let Some(lane) = self.lanes.lock().get_mut(&self.conversation) {
            lane.is_at_work = is_at_work;
        }
    }

    /// Takes the message of this key out of what waits, wherever it stands.
    pub(crate) fn take(&mut self, key: &MessageKey) -> Option<Said> {
        let mut lanes = self.lanes.lock();
        let jobs = &mut lanes.get_mut(&self.conversation)?.jobs;
        let place = jobs.iter().position(|job| matches!(job, Job::Message(said) if said.is(key)))?;
        match jobs.remove(place) {
            Some(Job::Message(said)) => Some(*said),
            _ => None,
        }
    }

    /// Takes the next job if it is a message that is kept and that `fits`. A look into the store is in nobody's way.
    pub(crate) fn next_kept(&mut self, fits: impl FnOnce(&Said) -> bool) -> Option<Said> {
        let mut lanes = self.lanes.lock();
        let jobs = &mut lanes.get_mut(&self.conversation)?.jobs;
        let place = jobs.iter().position(|job| !matches!(job, Job::Look(_)))?;
        let Job::Message(said) = &mut jobs[place] else { return None };
        if said.kept().is_none() || !fits(said) {
            return None;
        }
        match jobs.remove(place) {
            Some(Job::Message(said)) => Some(*said),
            _ => None,
        }
    }

    /// Waits until a message that is kept waits, and returns its id.
    pub(crate) async fn kept_message(&self) -> Arc<str> {
        loop {
            if let Some(id) = self.newest_kept() {
                return id;
            }
            self.news().await;
        }
    }

    /// Waits until something may have changed in what waits.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    fn newest_kept(&self) -> Option<Arc<str>> {
        let mut lanes = self.lanes.lock();
        let jobs = lanes.get_mut(&self.conversation)?.jobs.iter_mut().rev();
        for job in jobs {
            if let Job::Message(said) = job
                && said.kept().is_some()
            {
                return Some(said.message.message_id.as_str().into());
            }
        }
        None
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        if self.is_open {
            // What waits is dropped after the lock.
            let _left = self.lanes.remove(&mut self.lanes.lock(), &self.conversation);
        }
    }
}
