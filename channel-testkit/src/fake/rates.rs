//! How much a platform takes.

use std::time::Duration;

use channel_core::Rate;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DefaultKeyedStateStore,
};

/// How much is taken from whom; everything where there is no rate.
pub(crate) struct Allowance(Option<RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>>);

impl Allowance {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        let quota = rate
            .and_then(|Rate { count, per }| Some(Quota::with_period(per / count.get())?.allow_burst(count)));
        Self(quota.map(RateLimiter::keyed))
    }

    /// How many seconds to wait where one more is too many.
    pub(crate) fn check(&self, whose: &str) -> Result<(), u64> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&whose.to_owned()).map_err(|until| {
            let wait: Duration = until.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }
}
