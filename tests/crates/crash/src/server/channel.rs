//! The channel: numbered messages come in, replies are posted to the recorder.

use channel_core::{
    BotMessage, Json, OnNewMessage, OutputChannel, Recipient, SendError, Sent, TurnError, UserMessage,
    async_trait, channel, output, webhook,
};
use channel_endpoint::{Endpoint, EndpointConfig, EndpointConfigError};
use serde::Deserialize;

use crate::script::{CHANNEL, Delivered, Delivery};

/// Where replies go, and who sends them.
#[channel(name = "numbered", key = "numbered")]
#[derive(Deserialize)]
#[serde(try_from = "Settings")]
pub(super) struct Numbered {
    #[serde(skip)]
    recorder: Recorder,
}

#[derive(Deserialize)]
struct Settings {
    recorder: EndpointConfig,
    process: u32,
}

/// The other side, which takes replies down.
#[derive(Clone)]
struct Recorder {
    endpoint: Endpoint,
    process: u32,
}

impl Numbered {
    #[webhook]
    async fn receive(
        &self,
        Json(delivery): Json<Delivery>,
        on_new_message: OnNewMessage,
    ) -> Result<(), TurnError> {
        let message = UserMessage::new(delivery.number.to_string(), delivery.conversation);
        on_new_message.accept(message.with_message_id(delivery.id)).await
    }

    #[output]
    fn output(&self, _to: &Recipient) -> Recorder {
        self.recorder.clone()
    }
}

#[async_trait]
impl OutputChannel for Recorder {
    fn name(&self) -> &str {
        CHANNEL
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        let reply = Delivered { conversation: to.id.clone(), text: text.to_owned(), process: self.process };
        match self.endpoint.post("", &reply).send().await {
            Ok(_) => Ok(Sent::default()),
            Err(error) if error.is_retryable() => Err(SendError::retryable("not recorded").because(error)),
            Err(error) => Err(SendError::permanent("not recorded").because(error)),
        }
    }
}

impl TryFrom<Settings> for Numbered {
    type Error = EndpointConfigError;

    fn try_from(Settings { recorder, process }: Settings) -> Result<Self, Self::Error> {
        Ok(Self { recorder: Recorder { endpoint: Endpoint::new(recorder)?, process } })
    }
}
