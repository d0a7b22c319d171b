//! What the bot says, sent by the Bot API.

mod call;
mod custom;
mod keyboard;
mod media;
mod place;

use std::{sync::Arc, time::Duration};

use channel_core::{
    BotMessage, Button, Capabilities, Element, Length, OutputChannel, Rate, Recipient, Retry, SendError,
    SendLimits, Sent, Splitting, async_trait,
};
use serde_json::Value;
use tokio::time::sleep;

use super::{
    api::{BotApi, CallError},
    settings::Format,
};
use call::Call;
use place::Place;

/// Of a message, once its marks are read, <https://core.telegram.org/bots/api#sendmessage>.
const TEXT: Length = Length::Utf16(4_096);

/// Where there is none: buttons need a text.
const NO_TEXT: &str = "…";

/// A longer pause is the outbox's.
const PATIENCE: Duration = Duration::from_secs(10);

/// A group that has become a supergroup, and marks that Telegram can't read.
const MENDS: usize = 2;

/// Sends to whoever is answered.
pub(super) struct Output {
    api: Arc<BotApi>,
    format: Format,
}

impl Output {
    pub(super) fn new(api: Arc<BotApi>, format: Format) -> Self {
        Self { api, format }
    }

    async fn send_call(&self, to: &Recipient, call: Call) -> Result<Sent, SendError> {
        let mut call = call.addressed(Place::of(to));
        let mut mends = 0..MENDS;
        let result = loop {
            match self.api.call(call.method, &Value::Object(call.body.clone())).await {
                Ok(result) => break result,
                Err(error) if is_mended(&mut call, &error) && mends.next().is_some() => {}
                Err(error) => return Err(error.into_send_error()),
            }
        };
        let shown = result.as_array().map_or(std::slice::from_ref(&result), Vec::as_slice);
        let ids = shown.iter().filter_map(|message| message.get("message_id")).map(ToString::to_string);
        Ok(Sent { message_ids: ids.collect() })
    }

    /// Sends one part of a message that takes several calls. Once it was begun, a short pause that Telegram asks for is waited for
    /// here: the part as a whole is tried again from its beginning, which would be shown twice.
    async fn send_calls(&self, to: &Recipient, calls: Vec<Call>) -> Result<Sent, SendError> {
        let mut sent = Sent::default();
        for call in calls {
            let has_begun = !sent.message_ids.is_empty();
            let result = match self.send_call(to, call.clone()).await {
                Err(error) if has_begun => {
                    sleep(short_pause(&error).ok_or(error)?).await;
                    self.send_call(to, call).await
                }
                result => result,
            };
            sent.and(result?);
        }
        Ok(sent)
    }
}

fn short_pause(error: &SendError) -> Option<Duration> {
    match error.retry() {
        Retry::After(pause) if pause <= PATIENCE => Some(pause),
        _ => None,
    }
}

/// Whether the call was changed to one that may succeed: without marks that Telegram can't read, or to the supergroup that the
/// group has become.
fn is_mended(call: &mut Call, error: &CallError) -> bool {
    if error.is_about_markup() {
        return call.without_marks();
    }
    let Some(new) = error.migrated_to() else { return false };
    tracing::warn!(
        chat = new,
        "the group has become a supergroup of this id; what it says is a new conversation"
    );
    call.body.insert("chat_id".to_owned(), new.into());
    true
}

fn text(words: &str, format: Format, message: &BotMessage) -> Call {
    let words = if words.trim().is_empty() { NO_TEXT } else { words };
    Call::new("sendMessage", []).words("text", words, format, message)
}

#[async_trait]
impl OutputChannel for Output {
    fn name(&self) -> &str {
        "telegram"
    }

    fn wants_tracker_state(&self) -> bool {
        false
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            text: Some(TEXT),
            splitting: Some(Splitting::BlankLines),
            buttons: Some(keyboard::BUTTONS),
            quick_replies: None,
            images: true,
            attachments: true,
            elements: true,
        }
    }

    /// <https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>: 30 messages a second in all; one a second
    /// in a chat, with short bursts; 20 a minute in a group.
    fn limits(&self) -> SendLimits {
        SendLimits {
            account: Rate::per_second(30),
            chat: Rate::of(3, Duration::from_secs(3)),
            group: Rate::per_minute(20),
            ..SendLimits::default()
        }
    }

    /// The ids of groups, supergroups and channels are below zero; public ones have names.
    fn is_group(&self, to: &Recipient) -> bool {
        to.id.starts_with(['-', '@'])
    }

    async fn send_text(&self, to: &Recipient, words: &str, message: &BotMessage) -> Result<Sent, SendError> {
        let call = text(words, self.format, message).keyboard(keyboard::removed_by(message));
        self.send_call(to, call).await
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        words: Option<&str>,
        buttons: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let call = text(words.unwrap_or_default(), self.format, message);
        self.send_call(to, call.keyboard(keyboard::of_buttons(buttons, message))).await
    }

    async fn send_quick_replies(
        &self,
        to: &Recipient,
        words: Option<&str>,
        quick_replies: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let call = text(words.unwrap_or_default(), self.format, message);
        self.send_call(to, call.keyboard(keyboard::of_quick_replies(quick_replies, message))).await
    }

    async fn send_custom(&self, to: &Recipient, custom: &Value, _: &BotMessage) -> Result<Sent, SendError> {
        let calls = custom::calls(custom).map_err(SendError::permanent)?;
        self.send_calls(to, calls).await
    }

    async fn send_image(&self, to: &Recipient, image: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.send_call(to, media::by_address("photo", image)).await
    }

    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        let calls = media::attachment(attachment).map_err(SendError::permanent)?;
        self.send_calls(to, calls).await
    }

    async fn send_elements(
        &self,
        to: &Recipient,
        elements: &[Element],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.send_calls(to, elements.iter().map(|element| media::card(element, self.format)).collect()).await
    }
}
