//! The platform, as it sends: messages are delivered until they are acknowledged, those of a conversation in order.

use std::{future::pending, time::Duration};

use channel_endpoint::Endpoint;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use super::fleet::Targets;
use crate::{arguments::Drive, chance::Chance, script::Delivery};

/// How long a message waits that was not acknowledged.
const AGAIN: Duration = Duration::from_millis(20);

/// How many of a hundred messages are delivered again although they were acknowledged.
const REPEATED: u64 = 3;

/// Conversations in which somebody writes.
pub(super) struct Platform {
    writers: JoinSet<Sent>,
    end: watch::Sender<Option<Instant>>,
}

/// What was sent in one conversation.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(super) conversation: String,
    /// How many messages were sent.
    pub(super) messages: usize,
    /// How many of them were acknowledged.
    pub(super) acknowledged: usize,
    /// How often one was delivered that had been delivered before.
    pub(super) redelivered: usize,
}

impl Platform {
    /// Begins to send.
    pub(super) fn start(drive: &Drive, targets: &Targets, chance: Chance) -> Self {
        let end = watch::Sender::new(None);
        let pace = Duration::from_secs(1) * drive.conversations / drive.rate;
        let writers = (0..drive.conversations).map(|number| {
            let conversation = format!("c{number}");
            let sent = Sent { conversation, messages: 0, acknowledged: 0, redelivered: 0 };
            Writer { sent, pace, chance, targets: targets.clone(), end: end.subscribe() }.write()
        });
        Self { writers: writers.collect(), end }
    }

    /// Sends no new messages; what is not acknowledged is delivered again until this time.
    pub(super) async fn end(self, patience: Instant) -> Vec<Sent> {
        self.end.send_replace(Some(patience));
        self.writers.join_all().await
    }
}

/// Who writes in one conversation.
struct Writer {
    sent: Sent,
    pace: Duration,
    chance: Chance,
    targets: Targets,
    end: watch::Receiver<Option<Instant>>,
}

impl Writer {
    async fn write(mut self) -> Sent {
        let mut end = self.end.clone();
        tokio::select! {
            () = self.write_on() => {}
            () = given_up(&mut end) => {}
        }
        self.sent
    }

    async fn write_on(&mut self) {
        while self.pauses().await {
            self.sent.messages += 1;
            let delivery = Delivery::new(&self.sent.conversation, self.sent.messages);
            while !self.deliver(&delivery).await {
                self.sent.redelivered += 1;
                sleep(AGAIN).await;
            }
            self.sent.acknowledged += 1;
            if self.chance.percent(("repeated", &delivery.id), REPEATED) {
                self.sent.redelivered += 1;
                // It is acknowledged: whether it is once more makes no difference.
                self.deliver(&delivery).await;
            }
        }
    }

    /// Waits until the next message is to be written; `false`: none is.
    async fn pauses(&mut self) -> bool {
        let about = ("pause", &self.sent.conversation, self.sent.messages);
        let pause = self.pace * u32::try_from(self.chance.within(about, 0..200)).unwrap_or_default() / 100;
        tokio::select! {
            () = sleep(pause) => true,
            _ = self.end.wait_for(Option::is_some) => false,
        }
    }

    /// Whether it was acknowledged.
    async fn deliver(&mut self, delivery: &Delivery) -> bool {
        let Some(endpoint) = self.target().await else { return false };
        endpoint.post("", delivery).send().await.is_ok()
    }

    /// A server that is up, each in its turn.
    async fn target(&mut self) -> Option<Endpoint> {
        let targets = self.targets.wait_for(|targets| targets.iter().any(Option::is_some)).await.ok()?;
        let up: Vec<_> = targets.iter().flatten().collect();
        let turn = self.sent.messages + self.sent.redelivered;
        up.get(turn % up.len()).map(|endpoint| Endpoint::clone(endpoint))
    }
}

/// Waits until nothing is delivered any more.
async fn given_up(end: &mut watch::Receiver<Option<Instant>>) {
    let patience = end.wait_for(Option::is_some).await.ok().and_then(|end| *end);
    match patience {
        Some(patience) => sleep_until(patience).await,
        None => pending().await,
    }
}
