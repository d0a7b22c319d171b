//! One channel, or one instance of it, as its platform sees it: how much it may send, and whether it answers at all.

use std::{
    collections::HashMap,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use channel_core::{OutputChannel, Rate, Recipient, SendLimits};
use governor::{
    Jitter, NotUntil, Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::DefaultKeyedStateStore},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep},
};

use super::breaker::Breaker;

/// So many sends of an account are under way at a time: what a platform that stalls can hold.
const AT_ONCE: usize = 128;

/// Those who wait for a limit don't come back all at once.
const JITTER: Duration = Duration::from_millis(5);

/// After so many sends, chats that are within their limit again are forgotten.
const FORGET_AFTER: usize = 10_000;

pub(super) struct Account {
    /// How many conversations have something to send.
    pub(super) conversations: AtomicUsize,
    pub(super) breaker: Breaker,
    places: Semaphore,
    limits: OnceLock<Limits>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            conversations: AtomicUsize::new(0),
            breaker: Breaker::default(),
            places: Semaphore::new(AT_ONCE),
            limits: OnceLock::new(),
        }
    }
}

impl Account {
    /// Waits until one more message may be sent, and returns its place among the sends under way.
    ///
    /// Who waits for a limit of its own takes nothing from others. All that the account's own limit and its platform's health
    /// hold up have a place already: they are no more than may be under way once those let them go.
    pub(super) async fn admit(
        &self,
        output: &dyn OutputChannel,
        to: &Recipient,
        method: &str,
    ) -> Option<SemaphorePermit<'_>> {
        // What the account's channel declares.
        let limits = self.limits.get_or_init(|| Limits::of(&output.limits()));
        limits.admit_to(output, to, method).await;
        // Never closed.
        let place = self.places.acquire().await.ok();
        limits.admit_to_account().await;
        // The last thing: who waited while the platform failed must not try all the same.
        self.breaker.closed().await;
        place
    }
}

/// How much of what may be sent by now.
struct Limits {
    account: Option<Limiter<NotKeyed, InMemoryState>>,
    chat: Option<Chats>,
    group: Option<Chats>,
    methods: HashMap<&'static str, Limiter<NotKeyed, InMemoryState>>,
    admitted: AtomicUsize,
    clock: Waking,
}

type Chats = Limiter<String, DefaultKeyedStateStore<String>>;

type Limiter<K, S> = RateLimiter<K, S, Waking, NoOpMiddleware<Duration>>;

/// The time by which senders sleep: the same for how much may be sent as for when.
#[derive(Clone)]
struct Waking(Instant);

impl Clock for Waking {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

impl Limits {
    fn of(limits: &SendLimits) -> Self {
        let clock = Waking(Instant::now());
        let direct = |rate| RateLimiter::direct_with_clock(quota(rate), clock.clone());
        let keyed = |rate| RateLimiter::hashmap_with_clock(quota(rate), clock.clone());
        Self {
            account: limits.account.map(direct),
            chat: limits.chat.map(keyed),
            group: limits.group.map(keyed),
            methods: limits.methods.iter().map(|(method, rate)| (*method, direct(*rate))).collect(),
            admitted: AtomicUsize::new(0),
            clock,
        }
    }

    /// Waits until one more message may be sent in this chat, and by this method.
    async fn admit_to(&self, output: &dyn OutputChannel, to: &Recipient, method: &str) {
        let group = self.group.as_ref().filter(|_| output.is_group(to));
        let forgets = self.admitted.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1;
        for limiter in group.into_iter().chain(&self.chat) {
            self.wait(|| limiter.check_key(&to.id)).await;
            if forgets {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
        if let Some(limiter) = self.methods.get(method) {
            self.wait(|| limiter.check()).await;
        }
    }

    async fn admit_to_account(&self) {
        if let Some(limiter) = &self.account {
            self.wait(|| limiter.check()).await;
        }
    }

    async fn wait(&self, check: impl Fn() -> Result<(), NotUntil<Duration>>) {
        while let Err(not_yet) = check() {
            sleep(Jitter::up_to(JITTER) + not_yet.wait_time_from(self.clock.now())).await;
        }
    }
}

fn quota(rate: Rate) -> Quota {
    let each = rate.per / rate.count.get();
    // Never zero: so short a time is no limit that anybody could keep.
    Quota::with_period(each.max(Duration::from_nanos(1)))
        .map_or_else(|| Quota::per_second(rate.count), |quota| quota.allow_burst(rate.count))
}
