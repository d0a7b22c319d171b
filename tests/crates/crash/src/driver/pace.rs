//! How fast people write.

use std::{future::pending, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};

use crate::{arguments::Drive, chance::Chance};

/// The pauses between the messages of a conversation.
#[derive(Clone)]
pub(super) struct Pace {
    mean: Duration,
    chance: Chance,
    end: watch::Receiver<Option<Instant>>,
}

impl Pace {
    /// Pauses until `end` has a value: the time at which everybody gives up.
    pub(super) fn new(drive: &Drive, chance: Chance, end: watch::Receiver<Option<Instant>>) -> Self {
        Self { mean: Duration::from_secs(1) * drive.conversations / drive.rate, chance, end }
    }

    /// Waits until the next message after so many is to be written; `false`: none is.
    pub(super) async fn pause(&mut self, conversation: &str, messages: usize) -> bool {
        let percent = self.chance.within(("pause", conversation, messages), 0..200);
        let pause = self.mean * u32::try_from(percent).unwrap_or_default() / 100;
        tokio::select! {
            () = sleep(pause) => true,
            _ = self.end.wait_for(Option::is_some) => false,
        }
    }

    /// Waits until everybody gives up.
    pub(super) async fn given_up(&mut self) {
        let patience = self.end.wait_for(Option::is_some).await.ok().and_then(|end| *end);
        match patience {
            Some(patience) => sleep_until(patience).await,
            None => pending().await,
        }
    }
}
