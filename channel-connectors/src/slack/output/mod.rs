//! What the bot says, posted by the Web API.

mod api;
mod blocks;
mod custom;
mod pieces;
mod place;
mod post;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use channel_core::{
    BotMessage, Button, Element, OutputChannel, Rate, Recipient, SendError, SendLimits, Sent, async_trait,
};
use serde_json::Value;

pub(super) use api::WebApi;
use place::Place;
use post::{POST_EPHEMERAL, POST_MESSAGE, Post, UPDATE};

/// Posts to whoever is answered.
pub(super) struct Output {
    api: Arc<WebApi>,
    /// The message whose sending broke off: sent again, it goes on where it stopped.
    broken_off: Mutex<Option<BrokenOff>>,
}

struct BrokenOff {
    to: Recipient,
    message: BotMessage,
    sent: Sent,
}

impl Output {
    pub(super) fn new(api: Arc<WebApi>) -> Self {
        Self { api, broken_off: Mutex::default() }
    }

    async fn post(&self, to: &Recipient, posts: Vec<Post>) -> Result<Sent, SendError> {
        let mut sent = Sent::default();
        self.post_rest(to, posts, &mut sent).await.map(|()| sent)
    }

    /// Posts what was not posted yet.
    async fn post_rest(&self, to: &Recipient, posts: Vec<Post>, sent: &mut Sent) -> Result<(), SendError> {
        let place = Place::of(to, self.api.channel());
        for post in posts.into_iter().skip(sent.message_ids.len()) {
            sent.message_ids.push(self.api.call(post.addressed(&place)).await?);
        }
        Ok(())
    }

    fn sent_before(&self, to: &Recipient, message: &BotMessage) -> Sent {
        let broken_off = self.broken_off.lock().unwrap_or_else(PoisonError::into_inner).take();
        broken_off
            .filter(|before| before.to == *to && before.message == *message)
            .map_or_else(Sent::default, |before| before.sent)
    }

    fn remember(&self, to: &Recipient, message: &BotMessage, sent: Sent) {
        let broken_off = BrokenOff { to: to.clone(), message: message.clone(), sent };
        *self.broken_off.lock().unwrap_or_else(PoisonError::into_inner) = Some(broken_off);
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

    /// <https://docs.slack.dev/apis/web-api/rate-limits>: a message a second in a channel, with short bursts; 50 updates and
    /// 100 ephemeral messages a minute.
    fn limits(&self) -> SendLimits {
        let methods = [(UPDATE, Rate::per_minute(50)), (POST_EPHEMERAL, Rate::per_minute(100))];
        SendLimits {
            conversation: Rate::of(3, Duration::from_secs(3)),
            methods: methods.into_iter().filter_map(|(method, rate)| Some((method, rate?))).collect(),
            ..SendLimits::default()
        }
    }

    fn method(&self, message: &BotMessage) -> &'static str {
        message.custom.as_ref().map_or(POST_MESSAGE, custom::method)
    }

    async fn send(&self, to: &Recipient, message: &BotMessage) -> Result<Sent, SendError> {
        let mut sent = self.sent_before(to, message);
        match self.post_rest(to, post::all_of(message), &mut sent).await {
            Ok(()) => Ok(sent),
            Err(error) => {
                self.remember(to, message, sent);
                Err(error)
            }
        }
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, post::text(text)).await
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
        self.post(to, vec![custom::post(custom)]).await
    }

    async fn send_image(&self, to: &Recipient, image: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, vec![blocks::image(image)]).await
    }

    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.post(to, vec![post::attachment(attachment)]).await
    }

    async fn send_elements(
        &self,
        to: &Recipient,
        elements: &[Element],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.post(to, elements.iter().flat_map(blocks::element).collect()).await
    }
}
