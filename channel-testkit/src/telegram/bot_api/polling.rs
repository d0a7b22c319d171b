//! `getUpdates`, <https://core.telegram.org/bots/api#getupdates>.

use std::time::Duration;

use serde_json::Value;

use super::{Arguments, Refusal, webhook::allowed_updates};
use crate::telegram::{Inner, world::World};

/// The longest poll, in seconds.
const LONGEST: i64 = 50;

impl Inner {
    /// Waits for updates; a further poll ends it.
    pub(super) async fn poll(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let limit = arguments.int("limit").filter(|limit| (1..=100).contains(limit)).unwrap_or(100);
        let limit = usize::try_from(limit).unwrap_or_default();
        let timeout = u64::try_from(arguments.int("timeout").unwrap_or_default().clamp(0, LONGEST));
        let allowed = allowed_updates(arguments)?;
        let number = self.change(|world| {
            if world.webhook.is_some() {
                return Err(Refusal::new(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                ));
            }
            world.allowed = allowed.unwrap_or_else(|| world.allowed.clone());
            world.confirm(arguments.int("offset").unwrap_or_default());
            world.polls += 1;
            Ok(world.polls)
        })?;
        let look = || self.look(|world| world.polled(number, limit));
        // Without a time to wait there is one look.
        let waiting = Duration::from_secs(timeout.unwrap_or_default());
        self.changes.find_within(waiting, look).await.unwrap_or_else(|| Ok(Vec::new())).map(Value::Array)
    }
}

impl World {
    /// Forgets what the bot has taken: all before an offset, or all but so many of the last.
    fn confirm(&mut self, offset: i64) {
        if offset >= 0 {
            self.pending.retain(|one| one.id >= offset);
            return;
        }
        let kept = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        let superfluous = self.pending.len().saturating_sub(kept);
        self.pending.drain(..superfluous);
    }

    /// What a poll gets; `None` where it has to wait.
    fn polled(&self, number: u64, limit: usize) -> Option<Result<Vec<Value>, Refusal>> {
        if self.webhook.is_some() {
            return Some(Err(Refusal::new(409, "Conflict: terminated by setWebhook request")));
        }
        if self.polls != number {
            return Some(Err(Refusal::new(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )));
        }
        let updates: Vec<_> = self.pending.iter().take(limit).map(|one| one.body.clone()).collect();
        (!updates.is_empty()).then_some(Ok(updates))
    }
}
