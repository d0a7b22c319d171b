//! Where the replies of a request go.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::StatusCode;
use channel_core::{
    BotMessage, ChannelState, CollectedMessage, CollectingOutputChannel, OutputChannel, Recipient, SendError,
    Sent, Tracker, TrackerState, async_trait,
};
use channel_engine::Conversation;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Api, Failure,
    conversations::answers_to,
    params::{Out, given},
};

/// The name under which replies are collected that no channel is named for.
const COLLECTOR: &str = "collector";

/// Where the replies of a request go. They are collected in any case.
pub(super) struct Delivery {
    collector: Arc<CollectingOutputChannel>,
    channel: Option<Arc<Tee>>,
}

/// How replies reached whom they are for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Delivered {
    /// They did not: they are in this answer alone.
    Returned,
    /// The channel's platform took them.
    Sent,
}

impl Api {
    /// Where replies go: out through the channel asked for, or back.
    ///
    /// # Errors
    ///
    /// No channel has the name asked for, or several have.
    pub(super) fn delivery(
        &self,
        out: &Out,
        conversation: &Conversation,
        tracker: Option<&Tracker>,
    ) -> Result<Delivery, Failure> {
        let channel = match given(out.output_channel.as_deref()) {
            None | Some(COLLECTOR) => None,
            // Whatever was said before: a channel that is not mounted any more can't be sent through.
            Some("latest") => tracker
                .and_then(Tracker::latest_input_channel)
                .and_then(|latest| self.channel(latest, conversation).ok()),
            Some(name) => Some(self.channel(name, conversation)?),
        };
        Ok(channel.map_or_else(Delivery::collected, |channel| Delivery::through(channel, conversation)))
    }

    fn channel(&self, name: &str, conversation: &Conversation) -> Result<&ChannelState, Failure> {
        let found: Vec<_> = self.channels.iter().filter(|channel| answers_to(channel, name)).collect();
        let own = found.iter().find(|channel| *channel.address() == conversation.channel);
        match (own, &*found) {
            (Some(channel), _) | (None, [channel]) => Ok(channel),
            (None, []) => Err(no_channel(format!(
                "there is no channel `{name}`; choose one of {}, `latest`, `{COLLECTOR}`",
                self.addresses()
            ))),
            (None, _) => Err(no_channel(format!(
                "the channel `{name}` has several instances; choose one of {}",
                self.addresses()
            ))),
        }
    }
}

fn no_channel(message: String) -> Failure {
    Failure::parameter("output_channel", "query", message)
}

impl Delivery {
    /// Replies are returned.
    pub(super) fn collected() -> Self {
        Self { collector: Arc::new(CollectingOutputChannel::new(COLLECTOR)), channel: None }
    }

    fn through(channel: &ChannelState, conversation: &Conversation) -> Self {
        let output = channel.channel().output_channel(&Recipient::new(&*conversation.sender_id));
        let name = output.as_ref().map_or(channel.channel().name(), |output| output.name());
        let collector = Arc::new(CollectingOutputChannel::new(name));
        let tee = |output| Arc::new(Tee { output, collector: Arc::clone(&collector), failed: false.into() });
        Self { channel: output.map(tee), collector }
    }

    pub(super) fn output(&self) -> Arc<dyn OutputChannel> {
        match &self.channel {
            Some(channel) => Arc::clone(channel) as Arc<dyn OutputChannel>,
            None => Arc::clone(&self.collector) as Arc<dyn OutputChannel>,
        }
    }

    pub(super) fn messages(&self) -> Vec<CollectedMessage> {
        self.collector.take_messages()
    }

    pub(super) fn delivered(&self) -> Delivered {
        if self.channel.is_some() { Delivered::Sent } else { Delivered::Returned }
    }

    /// What the caller is told when a turn failed: whose fault it was.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        let Some(channel) = self.channel.as_ref().filter(|channel| channel.failed.load(Ordering::Relaxed))
        else {
            return failure;
        };
        let name = channel.name();
        let message = format!(
            "the channel `{name}` could not send a reply; the conversation has kept it, and the server's log says why"
        );
        Failure::new(StatusCode::BAD_GATEWAY, "SendError", message).with_details(json!({ "channel": name }))
    }
}

/// Sends through a channel, and collects what it sent.
struct Tee {
    output: Arc<dyn OutputChannel>,
    collector: Arc<CollectingOutputChannel>,
    failed: AtomicBool,
}

#[async_trait]
impl OutputChannel for Tee {
    fn name(&self) -> &str {
        self.output.name()
    }

    async fn send_text(&self, to: &Recipient, text: &str, message: &BotMessage) -> Result<Sent, SendError> {
        self.output.send_text(to, text, message).await
    }

    async fn send(&self, to: &Recipient, message: &BotMessage) -> Result<Sent, SendError> {
        let sent = self.output.send(to, message).await;
        match &sent {
            Ok(_) => drop(self.collector.send(to, message).await),
            Err(_) => self.failed.store(true, Ordering::Relaxed),
        }
        sent
    }

    fn set_tracker_state(&self, state: Arc<TrackerState>) {
        self.output.set_tracker_state(state);
    }

    fn tracker_state(&self) -> Option<Arc<TrackerState>> {
        self.output.tracker_state()
    }
}
