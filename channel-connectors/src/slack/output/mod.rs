//! What the bot says, posted by the Web API.

mod api;
mod blocks;
mod custom;
mod format;
mod place;
mod post;

use std::{sync::Arc, time::Duration};

use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, Element, Length, OutputChannel, Rate, Recipient,
    SendError, SendLimits, Sent, Splitting, async_trait,
};
use serde_json::Value;

use super::answers::Answers;
pub(super) use api::WebApi;
pub(super) use format::Format;
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
#[derive(Clone)]
pub(super) struct Output {
    pub(super) api: Arc<WebApi>,
    pub(super) answers: Answers,
    pub(super) format: Format,
}

impl Output {
    async fn post(&self, to: &Recipient, post: Post) -> Result<Sent, SendError> {
        let place = Place::of(to, self.api.channel());
        self.api.call(post.addressed(&place)).await.map(Sent::with_id)
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
        self.post(to, post::words(&self.format.text(text))).await
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.post(to, blocks::buttons(self.format, text, buttons)).await
    }

    async fn send_custom(&self, to: &Recipient, custom: &Value, _: &BotMessage) -> Result<Sent, SendError> {
        if custom::is_answer(custom) {
            let is_given = self.answers.give(&to.details, custom);
            let late = "Slack waits for this no longer: it comes too late, or nothing was asked";
            return if is_given { Ok(Sent::default()) } else { Err(SendError::permanent(late)) };
        }
        if let Some(url) = custom::response_url(custom) {
            return self.api.respond(url, custom::response(custom)).await.map(|()| Sent::default());
        }
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
            sent.and(self.post(to, blocks::cards(self.format, cards)).await?);
        }
        Ok(sent)
    }
}
