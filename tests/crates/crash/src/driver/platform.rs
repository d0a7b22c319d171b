//! The platform, as it sends: messages are delivered until they are acknowledged, those of a conversation in order.

use std::time::Duration;

use channel_endpoint::Endpoint;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{fleet::Targets, pace::Pace};
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
        let pace = Pace::new(drive, chance, end.subscribe());
        let writers = (0..drive.conversations).map(|number| {
            let conversation = format!("c{number}");
            let sent = Sent { conversation, messages: 0, acknowledged: 0, redelivered: 0 };
            Writer { sent, pace: pace.clone(), chance, targets: targets.clone() }.write()
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
    pace: Pace,
    chance: Chance,
    targets: Targets,
}

impl Writer {
    async fn write(mut self) -> Sent {
        let mut pace = self.pace.clone();
        tokio::select! {
            () = self.write_on() => {}
            () = pace.given_up() => {}
        }
        self.sent
    }

    async fn write_on(&mut self) {
        while self.pace.pause(&self.sent.conversation, self.sent.messages).await {
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
        up.get(turn % up.len()).map(|target| target.webhook.clone())
    }
}
