//! The one task that works in a conversation's lane.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use channel_core::TurnError;

use super::{
    Bearer, Job, Said,
    answer::{After, Asked},
    job::Work,
    queue::Opened,
};
use crate::{
    Accepted, Conversation, Incoming, MessageKey, Pending, StoreError,
    backoff::STORE,
    engine::{Inner, failed},
    lease::Lease,
};

/// So many messages are read from the store at a time.
const PAGE: usize = 16;

/// How long to wait before a conversation that another server holds is asked for again.
const HELD_ELSEWHERE: Duration = Duration::from_millis(50);

/// What supersedes a message that is not answered.
const DROPPED: &str = "dropped: another turn was running";

/// Works in a lane until nothing waits in it.
pub(crate) async fn work(inner: Arc<Inner>, conversation: Conversation) {
    let lane = inner.lanes.open(conversation.clone());
    let mut worker = Worker { inner: &inner, conversation: &conversation, lane, lease: None };
    while let Some(job) = worker.lane.next() {
        match job {
            Job::Message(said) => worker.message(*said).await,
            Job::Visit(work) => worker.visit(work).await,
            Job::Look(_permit) => worker.look().await,
        }
    }
}

pub(super) struct Worker<'a> {
    pub(super) inner: &'a Arc<Inner>,
    pub(super) conversation: &'a Conversation,
    pub(super) lane: Opened<'a>,
    pub(super) lease: Option<Arc<Lease>>,
}

impl Worker<'_> {
    async fn message(&mut self, said: Said) {
        match said.bearer {
            Bearer::Caller(_) => self.message_of_caller(said).await,
            Bearer::Platform { .. } => self.message_of_platform(said).await,
        }
    }

    /// Of two messages with one id, the one that is first in the lane is new: it is kept only now.
    async fn message_of_caller(&mut self, said: Said) {
        if self.inner.gives_back() {
            return said.refuse(TurnError::ShuttingDown);
        }
        let incoming = Incoming {
            conversation: self.conversation,
            channel: said.channel.address(),
            message: &said.message,
            waits: true,
        };
        match self.inner.accept(incoming).await {
            Ok(Accepted::New { id }) => {
                let pending = said.pending(id);
                self.take_on(said, pending).await;
            }
            Ok(Accepted::Reopened { id }) => match self.inner.store.message(&said.key()).await {
                Ok(kept) => {
                    let progress = kept.map(|kept| kept.progress).unwrap_or_default();
                    let pending = Pending { progress, ..said.pending(id) };
                    self.take_on(said, pending).await;
                }
                Err(error) => said.fail("message not accepted", failed(error)),
            },
            // It may be over, or at work elsewhere, or behind this one: whoever waits for it is in nobody's way.
            Ok(Accepted::Duplicate) => drop(tokio::spawn(self.inner.clone().repeat(said))),
            Err(error) => said.fail("message not accepted", failed(error)),
        }
    }

    async fn message_of_platform(&mut self, mut said: Said) {
        let Some(id) = said.keep().await else { return };
        if self.inner.gives_back() {
            return;
        }
        if said.is_dropped() {
            return self.supersede(&[said.key()], DROPPED).await;
        }
        let pending = said.pending(id);
        self.take_on(said, pending).await;
    }

    /// The message is kept, whatever happens from here on.
    async fn take_on(&mut self, said: Said, pending: Pending) {
        match self.hold().await {
            // Other servers may have put messages before it, or what was left is still behind it in the lane.
            Some(lease) if said.is_early => {
                self.inner.send_unsent(self.conversation, &lease);
                self.drain(Some(said)).await;
            }
            Some(_) if self.inner.is_shared => self.drain(Some(said)).await,
            Some(_) => {
                let asked = self.gather(Asked::new(pending, Some(said)), &mut VecDeque::new()).await;
                self.answer(asked).await;
            }
            // Whoever holds the conversation finds the message in the store.
            None => drop(tokio::spawn(self.inner.clone().repeat(said))),
        }
    }

    async fn visit(&mut self, work: Work) {
        loop {
            if self.inner.gives_back() {
                return work(Err(TurnError::ShuttingDown)).await;
            }
            if let Some(lease) = self.hold().await {
                return work(Ok(lease)).await;
            }
            tokio::time::sleep(HELD_ELSEWHERE).await;
        }
    }

    /// Has sent what is unsent in the store, and answers what is pending. What is unsent is sent before the replies of that.
    async fn look(&mut self) {
        if self.inner.gives_back() {
            return;
        }
        let Some(lease) = self.hold().await else { return };
        self.inner.send_unsent(self.conversation, &lease);
        self.drain(None).await;
    }

    /// Answers what is pending in the store, in its order; among it what waits here.
    ///
    /// Unsent replies are not read here: those from before the lease are read [when it is taken](crate::lease::Leases::hold),
    /// and under it none are written but by this server, which hands them on. What comes due or is replayed is looked for.
    async fn drain(&mut self, first: Option<Said>) {
        let mut here: HashMap<MessageKey, Said> = first.map(|said| (said.key(), said)).into_iter().collect();
        loop {
            let rows = match self.inner.store.pending(self.conversation, PAGE).await {
                Ok(rows) => rows,
                Err(error) => {
                    tracing::error!(%error, "pending messages can't be read; this is tried again");
                    self.inner.look_later(self.conversation);
                    break;
                }
            };
            let mut rows: VecDeque<_> = rows
                .into_iter()
                .map(|pending| {
                    let key =
                        MessageKey::new(Arc::clone(&pending.channel), pending.message.message_id.as_str());
                    let said = here.remove(&key).or_else(|| self.lane.take(&key));
                    Asked::new(pending, said)
                })
                .collect();
            let Some(mut next) = rows.pop_front() else { break };
            self.lane.set_at_work(true);
            loop {
                if next.said.as_ref().is_some_and(Said::is_dropped) {
                    self.supersede(&next.keys(), DROPPED).await;
                } else {
                    let asked = self.gather(next, &mut rows).await;
                    if self.answer(asked).await == After::Left {
                        return self.give_up(rows);
                    }
                }
                match rows.pop_front() {
                    Some(following) => next = following,
                    None => break,
                }
            }
            self.lane.set_at_work(false);
        }
        // Its turn is over already: another server had it.
        for said in here.into_values() {
            drop(tokio::spawn(self.inner.clone().repeat(said)));
        }
    }

    fn give_up(&self, rows: VecDeque<Asked>) {
        for said in rows.into_iter().filter_map(|asked| asked.said) {
            drop(tokio::spawn(self.inner.clone().repeat(said)));
        }
    }

    /// The right to change the conversation; `None` where another server has it.
    pub(super) async fn hold(&mut self) -> Option<Arc<Lease>> {
        if self.lease.is_none() {
            self.lease = match self.inner.leases.hold(self.inner, self.conversation).await {
                Ok(lease) => lease,
                Err(error) => {
                    tracing::error!(%error, "a conversation can't be taken; this is tried again");
                    self.inner.look_later(self.conversation);
                    None
                }
            };
        }
        self.lease.clone()
    }

    pub(super) fn lose(&mut self) {
        self.lease = None;
        self.inner.leases.lost(self.conversation);
    }

    /// Ends messages without turns of their own. Where another server takes the conversation over meanwhile, or this one
    /// stops, it is left to the next one what becomes of them.
    pub(super) async fn supersede(&mut self, keys: &[MessageKey], by: &str) {
        let mut tries = 0;
        loop {
            let Some(lease) = self.hold().await else { return };
            match self.inner.store.supersede(keys, lease.number, by).await {
                Ok(()) => break,
                Err(StoreError::Fenced) => return self.lose(),
                Err(error) => {
                    tracing::error!(%error, by, "superseded messages stay pending; this is tried again");
                }
            }
            if !self.inner.pause(STORE.nth(tries)).await {
                return;
            }
            tries += 1;
        }
        for key in keys {
            tracing::info!(channel = &*key.channel, message_id = &*key.message_id, by, "message superseded");
            self.inner.ends.over(key);
        }
    }
}
