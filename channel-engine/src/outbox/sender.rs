//! The one task that sends what a conversation has to send.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, SystemTime},
};

use channel_core::{EventVerbosity, OutputChannel, Recipient, Retry, SendError};
use futures_util::FutureExt as _;
use tokio::{
    sync::SemaphorePermit,
    time::{Instant, timeout},
};
use tracing::Instrument as _;

use super::{Next, Ready, account::Account, queue::IN_MEMORY};
use crate::{
    Causes, Conversation, Outgoing, Settlement, StoreError,
    backoff::{SENDS, STORE},
    engine::Inner,
    lease::Lease,
    measures, spans,
};

/// So long a platform is waited for at most, whatever it names, and whatever a clock says that was set back.
const LONGEST: Duration = Duration::from_hours(1);

/// Sends until nothing is left, or the server stops.
pub(super) async fn run(inner: Arc<Inner>, conversation: Conversation, mut lease: Arc<Lease>) {
    loop {
        let sender = Sender { inner: &inner, conversation: &conversation, lease: &lease };
        let goes_on = match inner.outbox.next(&conversation) {
            Next::Send(mut ready) => {
                let span = spans::send(&ready.outgoing, ready.trace_id.as_deref());
                let sending = async {
                    match AssertUnwindSafe(sender.send(&mut ready)).catch_unwind().await {
                        Ok(goes_on) => goes_on,
                        Err(_) => sender.bury(&ready, &SendError::permanent("the channel panicked")).await,
                    }
                };
                sending.instrument(span).await
            }
            Next::Read => sender.read().await,
            Next::End => return,
        };
        if !goes_on {
            match inner.outbox.forget(&inner.leases, &conversation, &lease) {
                Some(newer) => lease = newer,
                None => return,
            }
        }
    }
}

struct Sender<'a> {
    inner: &'a Arc<Inner>,
    conversation: &'a Conversation,
    lease: &'a Arc<Lease>,
}

impl Sender<'_> {
    /// Reads what the store has; `false`: the server stops.
    async fn read(&self) -> bool {
        let (mut tries, mut limit) = (0, IN_MEMORY);
        loop {
            match self.inner.store.unsent(self.conversation, limit).await {
                Ok(rows) => {
                    let is_all = rows.len() < limit;
                    if self.inner.outbox.refill(self.conversation, rows, is_all) {
                        return true;
                    }
                    limit *= 2;
                    continue;
                }
                Err(error) => tracing::error!(%error, "unsent replies can't be read; this is tried again"),
            }
            if !self.inner.pause(STORE.nth(tries)).await {
                return false;
            }
            tries += 1;
        }
    }

    /// Sends a reply, however often it takes; `false`: it stays unsent, and so do those behind it.
    ///
    /// A kill while it is sent has it sent again after the restart. A kill once it is settled does not.
    async fn send(&self, ready: &mut Ready) -> bool {
        let account = self.inner.outbox.account(&ready.outgoing.channel);
        loop {
            if let Some(wait) =
                ready.outgoing.retry_at.and_then(|at| at.duration_since(SystemTime::now()).ok())
                && !self.inner.pause(wait.min(LONGEST)).await
            {
                return false;
            }
            let Some(output) = self.output(ready).await else { return self.no_way(ready).await };
            let Some(place) = self.admitted(&account, &*output, &ready.outgoing).await else { return false };
            if !self.holds().await {
                return false;
            }
            let result = self.try_once(&account, &*output, ready).await;
            drop(place);
            let Err(error) = result else { return self.settle(ready, Settlement::Sent).await };
            if error.parts_sent() > 0 {
                let shown = output.capabilities();
                ready.outgoing.reply = ready.outgoing.reply.without_parts(error.parts_sent(), &shown);
                ready.is_partial = true;
            }
            if error.retry() == Retry::Never
                || ready.outgoing.attempts + 1 >= self.inner.options.send_attempts
            {
                return self.bury(ready, &error).await;
            }
            if !self.keep_for_later(ready, &error).await {
                return false;
            }
        }
    }

    /// Waits until the platform takes another message; `None`: the server stops.
    async fn admitted<'a>(
        &self,
        account: &'a Account,
        output: &dyn OutputChannel,
        outgoing: &Outgoing,
    ) -> Option<SemaphorePermit<'a>> {
        let begun = Instant::now();
        let place = tokio::select! {
            place = account.admit(output, &outgoing.to, output.method(&outgoing.reply)) => place?,
            () = self.inner.given_back() => return None,
        };
        if begun.elapsed().as_millis() > 0 {
            measures::limited(&outgoing.channel, begun.elapsed());
        }
        Some(place)
    }

    /// Whether the reply is still this server's to send: it may have waited for long, and others may have taken over;
    /// `false`, too: the server stops.
    async fn holds(&self) -> bool {
        let mut tries = 0;
        loop {
            match self.lease.holds().await {
                Ok(holds) => return holds,
                Err(error) => {
                    tracing::error!(%error, "who is to send a reply can't be read; this is tried again");
                }
            }
            if !self.inner.pause(STORE.nth(tries)).await {
                return false;
            }
            tries += 1;
        }
    }

    async fn try_once(
        &self,
        account: &Account,
        output: &dyn OutputChannel,
        ready: &Ready,
    ) -> Result<(), SendError> {
        let begun = Instant::now();
        let outgoing = &ready.outgoing;
        let sending = output.send(&outgoing.to, &outgoing.reply);
        let result = match timeout(self.inner.options.send_timeout, sending).await {
            Ok(sent) => sent.map(drop),
            Err(_) => Err(SendError::unknown("the platform did not answer in time")),
        };
        account.breaker.learn(result.as_ref().err().map(SendError::retry));
        measures::sent(&outgoing.channel, word(&result), begun.elapsed());
        result
    }

    async fn keep_for_later(&self, ready: &mut Ready, error: &SendError) -> bool {
        let wait = match error.retry() {
            Retry::After(wait) => wait.clamp(SENDS.nth(0), LONGEST),
            _ => SENDS.nth(ready.outgoing.attempts),
        };
        let at = SystemTime::now() + wait;
        let text = Causes(error).to_string();
        tracing::warn!(
            channel = &*ready.outgoing.channel,
            reply = ready.outgoing.id,
            attempt = ready.outgoing.attempts + 1,
            error = text,
            "reply not sent; it is tried again in {wait:.1?}"
        );
        ready.outgoing.attempts += 1;
        ready.outgoing.retry_at = Some(at);
        if let Some(watch) = &ready.watch {
            watch.retried();
        }
        let rest = ready.is_partial.then_some(&ready.outgoing.reply);
        self.settle(ready, Settlement::Retry { at, error: &text, rest }).await
    }

    /// Makes the reply a dead letter, and lets those behind it go on.
    async fn bury(&self, ready: &Ready, error: &SendError) -> bool {
        let text = Causes(error).to_string();
        let outcome = match error.retry() {
            _ if ready.is_partial => "partial",
            Retry::Unknown => "unknown",
            _ => "failed",
        };
        tracing::error!(
            channel = &*ready.outgoing.channel,
            reply = ready.outgoing.id,
            error = text,
            "reply not sent: it is a dead letter"
        );
        measures::dead_letter("reply", &ready.outgoing.channel);
        let goes_on = self.settle(ready, Settlement::Dead { outcome, error: &text }).await;
        if let Some(watch) = &ready.watch {
            watch.failed(&text);
        }
        goes_on
    }

    /// Its channel is not mounted, or can't send. Where conversations are shared, other channels go on.
    async fn no_way(&self, ready: &Ready) -> bool {
        let channel = &*ready.outgoing.channel;
        if self.inner.channel(channel).is_none() {
            tracing::warn!(
                channel,
                reply = ready.outgoing.id,
                "replies wait until their channel is mounted again"
            );
            self.inner.outbox.leave(self.conversation, &ready.outgoing.channel);
            return true;
        }
        self.bury(ready, &SendError::permanent("the channel has no `#[output]` method to send through")).await
    }

    /// Keeps what became of a reply; `false`: this server stops, or the lease is lost, be it to itself.
    async fn settle(&self, ready: &Ready, settlement: Settlement<'_>) -> bool {
        let mut tries = 0;
        let mut lease = self.lease.number;
        loop {
            let id = ready.outgoing.id;
            match self.inner.store.settle(self.conversation, lease, id, settlement).await {
                Ok(()) => break,
                // Held anew: what was sent under the old lease is not to be sent again.
                Err(StoreError::Fenced) => match self.inner.leases.held(self.conversation) {
                    Some(held) if held.number != lease => {
                        lease = held.number;
                        continue;
                    }
                    _ => return false,
                },
                Err(error) => {
                    tracing::error!(%error, "what became of a reply is not kept; this is tried again");
                }
            }
            if !self.inner.pause(STORE.nth(tries)).await {
                return false;
            }
            tries += 1;
        }
        if let (Settlement::Sent, Some(watch)) = (settlement, &ready.watch) {
            watch.sent();
        }
        lease == self.lease.number
    }

    /// What to send through, which knows the state of the conversation where it wants to.
    async fn output(&self, ready: &mut Ready) -> Option<Arc<dyn OutputChannel>> {
        if ready.output.is_none() {
            ready.output = self.make_output(&ready.outgoing.channel, &ready.outgoing.to).await;
        }
        ready.output.clone()
    }

    async fn make_output(&self, channel: &Arc<str>, to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        let output = self.inner.channel(channel)?.channel().output_channel(to)?;
        if output.wants_tracker_state()
            && let Ok(Some(events)) = self.inner.store.load(self.conversation).await
        {
            let tracker = self.inner.tracker_of(self.conversation, events);
            output.set_tracker_state(Arc::new(tracker.state(EventVerbosity::AfterRestart)));
        }
        Some(output)
    }
}

fn word(result: &Result<(), SendError>) -> &'static str {
    match result.as_ref().map_err(SendError::retry) {
        Ok(()) => "sent",
        Err(Retry::Never) => "failed",
        Err(Retry::After(_)) => "limited",
        Err(Retry::Later) => "retried",
        Err(Retry::Unknown) => "unknown",
    }
}
