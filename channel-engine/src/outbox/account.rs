//! One channel, or one instance of it, as its platform sees it: how much it may send, and whether it answers at all.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use channel_core::{OutputChannel, Rate, SendLimits};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Jitter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Conversations, breaker::Breaker};
use crate::Conversation;

/// So many sends of an account are under way at a time: what a platform that stalls can hold.
const AT_ONCE: usize = 128;

/// After so many sends, conversations that are within their limit again are forgotten.
const FORGET_AFTER: usize = 10_000;

pub(super) struct Account {
    /// How many conversations have something to send.
    pub(super) conversations: Conversations,
    pub(super) breaker: Breaker,
    places: Semaphore,
    limits: OnceLock<Limits>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            conversations: Conversations::default(),
            breaker: Breaker::default(),
            places: Semaphore::new(AT_ONCE),
            limits: OnceLock::new(),
        }
    }
}

impl Account {
    /// What the account's channel declares.
    pub(super) fn limits(&self, output: &dyn OutputChannel) -> &Limits {
        self.limits.get_or_init(|| Limits::of(&output.limits()))
    }

    /// A place among the sends under way.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        self.places.acquire().await.ok()
    }
}

/// How much of what may be sent by now.
pub(super) struct Limits {
    account: Option<DefaultDirectRateLimiter>,
    conversation: Option<DefaultKeyedRateLimiter<Arc<str>>>,
    methods: HashMap<&'static str, DefaultDirectRateLimiter>,
    admitted: AtomicUsize,
}

impl Limits {
    fn of(limits: &SendLimits) -> Self {
        Self {
            account: limits.account.map(quota).map(RateLimiter::direct),
            conversation: limits.conversation.map(quota).map(RateLimiter::keyed),
            methods: limits
                .methods
                .iter()
                .map(|(method, rate)| (*method, RateLimiter::direct(quota(*rate))))
                .collect(),
            admitted: AtomicUsize::new(0),
        }
    }

    /// Waits until one more message may be sent. The narrowest limit comes first: who waits for it takes nothing from others.
    pub(super) async fn admit(&self, account: &Account, conversation: &Conversation, method: &str) {
        let jitter = || Jitter::up_to(Duration::from_millis(5));
        if let Some(limiter) = &self.conversation {
            limiter.until_key_ready_with_jitter(&conversation.sender_id, jitter()).await;
            if self.admitted.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
        if let Some(limiter) = self.methods.get(method) {
            limiter.until_ready_with_jitter(jitter()).await;
        }
        if let Some(limiter) = &self.account {
            limiter.until_ready_with_jitter(jitter()).await;
        }
        account.breaker.closed().await;
    }
}

fn quota(rate: Rate) -> Quota {
    let each = rate.per / rate.count.get();
    // Never zero: so short a time is no limit that anybody could keep.
    Quota::with_period(each.max(Duration::from_nanos(1)))
        .map_or_else(|| Quota::per_second(rate.count), |quota| quota.allow_burst(rate.count))
}
