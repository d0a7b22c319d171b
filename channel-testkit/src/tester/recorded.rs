//! A channel whose replies are recorded rather than sent.

use std::sync::Arc;

use axum::Router;
use channel_core::{
    BotMessage, BoxError, BoxFuture, Capabilities, ChannelState, InputChannel, Metadata, OnNewMessage,
    OutputChannel, Recipient, SendError, Sent, Shutdown, TrackerState, WebhookRequest, async_trait,
};

use super::Reply;
use crate::record::Record;

/// The channel as it is, but for its output.
pub(super) struct Recorded {
    channel: Arc<dyn InputChannel>,
    replies: Arc<Record<Reply>>,
}

impl Recorded {
    pub(super) fn new(channel: Arc<dyn InputChannel>, replies: Arc<Record<Reply>>) -> Self {
        Self { channel, replies }
    }
}

impl InputChannel for Recorded {
    fn name(&self) -> &str {
        self.channel.name()
    }

    fn prefix(&self) -> &str {
        self.channel.prefix()
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Arc::clone(&self.channel).router()
    }

    fn output_channel(&self, to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        let output = self.channel.output_channel(to)?;
        Some(Arc::new(Recorder { output, replies: Arc::clone(&self.replies) }))
    }

    fn metadata(&self, request: &WebhookRequest) -> Option<Metadata> {
        self.channel.metadata(request)
    }

    fn verifies(&self) -> bool {
        self.channel.verifies()
    }

    fn start(
        self: Arc<Self>,
        on_new_message: OnNewMessage,
        shutdown: Shutdown,
    ) -> BoxFuture<'static, Result<(), BoxError>> {
        Arc::clone(&self.channel).start(on_new_message, shutdown)
    }
}

/// Keeps what goes out, under the name of the channel's own output, and as if that could show it.
struct Recorder {
    output: Arc<dyn OutputChannel>,
    replies: Arc<Record<Reply>>,
}

#[async_trait]
impl OutputChannel for Recorder {
    fn name(&self) -> &str {
        self.output.name()
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.send(to, &BotMessage::text(text)).await
    }

    async fn send(&self, to: &Recipient, message: &BotMessage) -> Result<Sent, SendError> {
        self.replies.push(Reply { to: to.clone(), message: message.clone() });
        Ok(Sent::default())
    }

    fn capabilities(&self) -> Capabilities {
        self.output.capabilities()
    }

    fn wants_tracker_state(&self) -> bool {
        self.output.wants_tracker_state()
    }

    fn set_tracker_state(&self, state: Arc<TrackerState>) {
        self.output.set_tracker_state(state);
    }

    fn tracker_state(&self) -> Option<Arc<TrackerState>> {
        self.output.tracker_state()
    }
}
