//! An output channel that hands on what it collects.

use channel_core::{
    BotMessage, Button, Capabilities, CollectedMessage, CollectingOutputChannel, Element, OutputChannel,
    Recipient, SendError, Sent, async_trait,
};
use serde_json::Value;

/// Takes messages in the shape of Rasa's REST replies, one after the other.
#[async_trait]
pub(crate) trait Sink: Send + Sync {
    async fn take(&self, message: CollectedMessage) -> Result<(), SendError>;
}

/// Collects as for a REST reply, and gives each message to its sink at once. The first failure ends a send.
pub(crate) struct Relay<S> {
    name: String,
    sink: S,
}

impl<S: Sink> Relay<S> {
    /// A relay under the name of the channel that it sends for.
    pub(crate) fn new(name: impl Into<String>, sink: S) -> Self {
        Self { name: name.into(), sink }
    }

    fn collector(&self) -> CollectingOutputChannel {
        CollectingOutputChannel::new(self.name.as_str())
    }

    async fn hand_on(&self, collector: CollectingOutputChannel) -> Result<Sent, SendError> {
        for message in collector.take_messages() {
            self.sink.take(message).await?;
        }
        Ok(Sent::default())
    }
}

#[async_trait]
impl<S: Sink> OutputChannel for Relay<S> {
    fn name(&self) -> &str {
        &self.name
    }

    fn wants_tracker_state(&self) -> bool {
        false
    }

    /// Cards are told as texts with buttons, as in Rasa.
    fn capabilities(&self) -> Capabilities {
        Capabilities { images: true, attachments: true, ..Capabilities::default() }
    }

    async fn send_text(&self, to: &Recipient, text: &str, message: &BotMessage) -> Result<Sent, SendError> {
        let collector = self.collector();
        collector.send_text(to, text, message).await?;
        self.hand_on(collector).await
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let collector = self.collector();
        collector.send_buttons(to, text, buttons, message).await?;
        self.hand_on(collector).await
    }

    async fn send_elements(
        &self,
        to: &Recipient,
        elements: &[Element],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let collector = self.collector();
        collector.send_elements(to, elements, message).await?;
        self.hand_on(collector).await
    }

    async fn send_custom(
        &self,
        to: &Recipient,
        custom: &Value,
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let collector = self.collector();
        collector.send_custom(to, custom, message).await?;
        self.hand_on(collector).await
    }

    async fn send_image(&self, to: &Recipient, image: &str, message: &BotMessage) -> Result<Sent, SendError> {
        let collector = self.collector();
        collector.send_image(to, image, message).await?;
        self.hand_on(collector).await
    }

    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let collector = self.collector();
        collector.send_attachment(to, attachment, message).await?;
        self.hand_on(collector).await
    }
}
