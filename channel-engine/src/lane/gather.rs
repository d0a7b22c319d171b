//! What becomes of messages that wait behind one another: each has its own turn, or several have one.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, SystemTime},
};

use channel_core::{Concurrency, UserMessage};
use tokio::time::{Instant, sleep_until};

use super::{answer::Asked, work::Worker};

/// A user who does not stop is answered after so many quiet times.
const PATIENCE: u32 = 10;

impl Worker<'_> {
    /// The message whose turn has come, with those that are to be answered with it.
    pub(super) async fn gather(&mut self, asked: Asked, behind: &mut VecDeque<Asked>) -> Asked {
        match asked.concurrency(self.inner) {
            Concurrency::Queue | Concurrency::Drop => asked,
            Concurrency::Collect => self.collect(asked, behind),
            Concurrency::Debounce(quiet) => self.debounce(asked, behind, quiet).await,
            Concurrency::Interrupt => self.newest(asked, behind).await,
        }
    }

    fn collect(&mut self, mut asked: Asked, behind: &mut VecDeque<Asked>) -> Asked {
        while let Some(next) = self.following(&asked, behind, |asked, next| is_text(asked) && is_text(next)) {
            asked = asked.and(next);
        }
        asked
    }

    async fn debounce(&mut self, asked: Asked, behind: &mut VecDeque<Asked>, quiet: Duration) -> Asked {
        let end = due(&asked, quiet.saturating_mul(PATIENCE));
        let mut asked = self.collect(asked, behind);
        let mut until = due(&asked, quiet).min(end);
        while Instant::now() < until {
            tokio::select! {
                () = sleep_until(until) => {}
                () = self.inner.stopping.cancelled() => break,
                () = self.lane.news() => {}
            }
            let last = asked.pending.id;
            asked = self.collect(asked, behind);
            if asked.pending.id != last {
                until = due(&asked, quiet).min(end);
            }
        }
        asked
    }

    async fn newest(&mut self, mut asked: Asked, behind: &mut VecDeque<Asked>) -> Asked {
        while let Some(next) = self.following(&asked, behind, |_, _| true) {
            self.supersede(&asked.keys(), &next.pending.message.message_id).await;
            asked = next;
        }
        asked
    }

    /// The message behind this one, if both are accepted ones of one chat, neither has begun, and they fit.
    fn following(
        &mut self,
        asked: &Asked,
        behind: &mut VecDeque<Asked>,
        fits: impl Fn(&UserMessage, &UserMessage) -> bool,
    ) -> Option<Asked> {
        let pending = &asked.pending;
        if pending.waits || pending.progress.steps > 0 {
            return None;
        }
        let goes_with = |channel: &Arc<str>, message: &UserMessage| {
            *channel == pending.channel
                && message.reply_to() == pending.message.reply_to()
                && fits(&pending.message, message)
        };
        if let Some(next) = behind.front().map(|next| &next.pending) {
            let follows = !next.waits && next.progress.steps == 0 && goes_with(&next.channel, &next.message);
            return follows.then(|| behind.pop_front()).flatten();
        }
        let mut said = self.lane.next_kept(|said| goes_with(said.channel.address(), &said.message))?;
        let id = said.kept()?;
        Some(Asked::new(said.pending(id), Some(said)))
    }
}

/// So long after the message came. What a clock says that jumped is no reason to wait for longer.
fn due(asked: &Asked, wait: Duration) -> Instant {
    if let Some(said) = &asked.said {
        return said.since + wait;
    }
    let passed = SystemTime::now().duration_since(asked.pending.accepted_at).unwrap_or_default();
    Instant::now() + wait.saturating_sub(passed)
}

/// What stands for a button, or is understood already, can't be a line of a text.
fn is_text(message: &UserMessage) -> bool {
    message.parse_data.is_none() && !(message.is_payload && message.text.starts_with('/'))
}
