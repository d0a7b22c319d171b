//! What goes on beside the turns: taking up what was left, what comes due, what other servers tell, forgetting.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::{Duration, SystemTime},
};

use tokio::{
    sync::{Semaphore, mpsc},
    time::sleep,
};

use super::Inner;
use crate::{Conversation, Expired, Notice, StoreError, backoff::STORE};

/// So many conversations are taken up at the same time.
const AT_ONCE: usize = 256;

/// How often a server of several looks for what a dead one left.
const WATCH: Duration = Duration::from_secs(1);

/// How often what is too old is forgotten.
const SWEEP: Duration = Duration::from_mins(10);

impl Inner {
    pub(super) fn start(self: &Arc<Self>, notices: Option<mpsc::Receiver<Notice>>) {
        self.recovering.store(true, Ordering::Release);
        self.is_started.store(true, Ordering::Release);
        self.beside(|inner| async move { inner.recover().await });
        self.beside(|inner| async move { inner.keep_time().await });
        self.beside(|inner| async move { inner.sweep().await });
        if let Some(notices) = notices {
            self.beside(|inner| async move { inner.hear(notices).await });
            self.beside(|inner| async move { inner.watch().await });
        }
    }

    /// Runs something until the engine stops.
    fn beside<F: Future<Output = ()> + Send + 'static>(self: &Arc<Self>, task: impl FnOnce(Arc<Self>) -> F) {
        let stopping = self.stopping.clone();
        let task = task(Arc::clone(self));
        self.tasks.spawn(async move {
            tokio::select! {
                () = stopping.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Takes up what was left from before the start.
    async fn recover(self: &Arc<Self>) {
        let taken_up = self.take_up().await;
        self.recovering.store(false, Ordering::Release);
        if taken_up > 0 {
            tracing::info!(conversations = taken_up, "took up what was left");
        }
    }

    /// Takes up what could not be done before.
    pub(super) fn take_up_again(self: &Arc<Self>) {
        self.beside(|inner| async move {
            inner.take_up().await;
        });
    }

    /// Looks after every conversation with something to do that nobody holds. How many there were.
    async fn take_up(self: &Arc<Self>) -> usize {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let (mut after, mut count): (Option<Conversation>, usize) = (None, 0);
        loop {
            let page =
                self.insist("what is left to do can't be read", || self.store.work(after.as_ref(), AT_ONCE));
            let page = page.await;
            let Some(last) = page.last() else { return count };
            after = Some(last.clone());
            count += page.len();
            for conversation in &page {
                let place = Arc::clone(&places).acquire_owned().await;
                self.look(conversation, place.ok());
            }
        }
    }

    /// Goes on with what dead servers left.
    async fn watch(self: &Arc<Self>) {
        loop {
            sleep(WATCH).await;
            self.take_up().await;
        }
    }

    /// Looks again once the store may be back.
    pub(crate) fn look_later(self: &Arc<Self>, conversation: &Conversation) {
        let mut doubtful = self.doubtful.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = doubtful.is_empty();
        doubtful.insert(conversation.clone());
        if is_first {
            self.beside(|inner| async move {
                sleep(STORE.longest).await;
                let doubtful =
                    std::mem::take(&mut *inner.doubtful.lock().unwrap_or_else(PoisonError::into_inner));
                for conversation in &doubtful {
                    inner.look(conversation, None);
                }
            });
        }
    }

    /// Has done what comes due.
    async fn keep_time(self: &Arc<Self>) {
        loop {
            self.clock.begin();
            let ripe = self.insist("what is due can't be read", || self.store.ripen(SystemTime::now())).await;
            for conversation in &ripe.conversations {
                self.look(conversation, None);
            }
            self.clock.wait(ripe.next).await;
        }
    }

    async fn hear(self: &Arc<Self>, mut notices: mpsc::Receiver<Notice>) {
        while let Some(notice) = notices.recv().await {
            match notice {
                Notice::Wanted(conversation) => self.look(&conversation, None),
                Notice::Over(key) => self.ends.over(&key),
                Notice::Scheduled(due) => self.clock.set(due),
                Notice::Missed => {
                    self.take_up().await;
                }
            }
        }
    }

    /// Forgets what is too old, now and then.
    async fn sweep(self: &Arc<Self>) {
        let kept = self.options.retention;
        loop {
            let before = |age: Duration| SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
            let expired = Expired {
                messages: before(kept.messages),
                dead_letters: before(kept.dead_letters),
                conversations: kept.conversations.map(before),
            };
            if let Some(before) = expired.conversations {
                // First, and some later ones too: a tracker is put there only after its last step is kept.
                self.warm.forget(before + SWEEP);
            }
            if let Err(error) = self.store.sweep(expired).await {
                tracing::error!(%error, "what is too old can't be forgotten; this is tried again");
            }
            sleep(SWEEP).await;
        }
    }

    /// Asks the store until it answers.
    async fn insist<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        what: &'static str,
        ask: impl Fn() -> F,
    ) -> T {
        let mut tries = 0;
        loop {
            match ask().await {
                Ok(answer) => return answer,
                Err(error) => tracing::error!(%error, "{what}; this is tried again"),
            }
            sleep(STORE.nth(tries)).await;
            tries += 1;
        }
    }
}
