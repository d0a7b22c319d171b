//! What the bot says, posted by the Web API.

mod api;
mod blocks;
mod custom;
mod place;
mod post;

use std::{sync::Arc, time::Duration};

use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, Element, Length, OutputChannel, Rate, Recipient,
    SendError, SendLimits, Sent, Splitting, async_trait,
};
use serde_json::Value;

pub(super) use api::WebApi;
use place::Place;
use post::{POST_EPHEMERAL, POST_MESSAGE, Post, UPDATE};

/// Slack advises against longer texts.
const TEXT: Length = Length::Characters(4_000);

/// An actions block, the buttons in it, and the section above it, <https://docs.slack.dev/reference/block-kit>.
const BUTTONS: ButtonLimits = ButtonLimits {
    count: 25,
    title: Some(Length::Characters(75)),
    payload: Some(Length::Characters(2_000)),
    text: Some(Length::Characters(3_000)),
};

/// Posts to whoever is answered.
pub(super) struct Output(Arc<WebApi>);

impl Output {
    pub(super) fn new(api: Arc<WebApi>) -> Self {
        Self(api)
    }

    async fn post(&self, to: &Recipient, post: Post) -> Result<Sent, SendError> {
        let place = Place::of(to, self.0.channel());
        self.0.call(post.addressed(&place)).await.map(Sent::with_id)
    }
}

#[async_trait]
impl OutputChannel for Output {
    fn name(&self) -> &str {
        "slack"
    }

    fn wants_tracker_state(&self) -> bool {
        false
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            text: Some(TEXT),
            splitting: Some(Splitting::BlankLines),
            buttons: Some(BUTTONS),
            quick_replies: None,
            images: true,
            attachments: true,
            elements: true,
        }
    }

    /// <https://docs.slack.dev/apis/web-api/rate-limits>: a message a second in a channel, with short bursts; 50 updates and
    /// 100 ephemeral messages a minute.
    fn limits(&self) -> SendLimits {
        let methods = [(UPDATE, Rate::per_minute(50)), (POST_EPHEMERAL, Rate::per_minute(100))];
        SendLimits {
            chat: Rate::of(3, Duration::from_secs(3)),
            methods: methods.into_iter().filter_map(|(method, rate)| Some((method, rate?))).collect(),
            ..SendLimits::default()
        }
    }

    fn method(&self, message: &BotMessage) -> &'static str {
        message.custom.as_ref().map_or(POST_MESSAGE, custom::method)
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, post::words(text)).await
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.post(to, blocks::buttons(text, buttons)).await
    }

    async fn send_custom(&self, to: &Recipient, custom: &Value, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, custom::post(custom)).await
    }

    async fn send_image(&self, to: &Recipient, image: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, blocks::image(image)).await
    }

    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.post(to, post::attachment(attachment)).await
    }

    /// The cards are one message, whose blocks they are.
    async fn send_elements(
        &self,
        to: &Recipient,
        elements: &[Element],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        let mut sent = Sent::default();
        for cards in elements.chunks(blocks::CARDS) {
            sent.and(self.post(to, blocks::cards(cards)).await?);
        }
        Ok(sent)
    }
}
