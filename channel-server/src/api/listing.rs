//! What operators have listed.

use std::{sync::Arc, time::SystemTime};

use channel_engine::Filter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Failure, params::given};

/// More are not listed at a time.
const MOST: usize = 1000;

/// Which of them are listed, the oldest first.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// Those of the channel with this address, as `myio` or `slack/acme`.
    channel: Option<String>,
    /// Those of conversations with this sender.
    sender_id: Option<String>,
    /// So many at most.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
}

/// Whether what is over is listed, too.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct States {
    /// `unfinished`: those whose turns are not over; or `all`.
    #[param(default = "unfinished")]
    state: Option<String>,
}

impl Listing {
    pub(super) fn filter(&self, unfinished: bool) -> Result<Filter, Failure> {
        let name = |parameter: &Option<String>| given(parameter.as_deref()).map(Arc::from);
        let (channel, sender_id) = (name(&self.channel), name(&self.sender_id));
        let filter = Filter { channel, sender_id, unfinished, ..Filter::default() };
        match given(self.limit.as_deref()) {
            None => Ok(filter),
            Some(limit) => Ok(Filter { limit: number(limit)?, ..filter }),
        }
    }
}

fn number(limit: &str) -> Result<usize, Failure> {
    limit.parse().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(|| {
        let message = format!("`limit` is a number from 1 to {MOST}");
        Failure::parameter("limit", "query", message)
    })
}

impl States {
    pub(super) fn are_unfinished(&self) -> Result<bool, Failure> {
        match given(self.state.as_deref()) {
            None | Some("unfinished") => Ok(true),
            Some("all") => Ok(false),
            Some(_) => Err(Failure::parameter("state", "query", "`state` is one of `unfinished`, `all`")),
        }
    }
}

/// In seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> f64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
