//! `telegram`: a bot on Telegram, by the Bot API.

mod api;
mod aside;
mod inbound;
mod output;
mod receiving;
mod secret;
mod settings;

use std::sync::Arc;

use channel_core::{
    Notes, OnNewMessage, OutputChannel, Problem, Recipient, Shutdown, TurnError, VerifyError, WebhookRequest,
    channel, output, start, verify, webhook,
};
use serde::Deserialize;
use serde_json::Value;

use api::BotApi;
use aside::Aside;
use inbound::{Reader, update};
use output::Output;
use receiving::Receiving;
use secret::SecretToken;
use settings::{Format, TelegramSettings};

/// The `telegram` channel: people write to a bot on Telegram.
///
/// ```yaml
/// telegram:
///   access_token: "${TELEGRAM_TOKEN}"                                       # of @BotFather
///   verify: my_bot                                                          # the bot's user name
///   webhook_url: "https://bot.example.com/webhooks/telegram/webhook"        # without it, updates are asked for
/// ```
///
/// At the start the webhook is set where it is not set so yet. Each delivery has to carry the `secret_token` that it was set with;
/// where none is given it is derived from the `access_token`. Without `webhook_url` the server asks Telegram for updates, which
/// needs no public address.
///
/// | what happens in Telegram | text of the message | in its metadata |
/// |---|---|---|
/// | a message | the text; a command without the bot's name | |
/// | a photo, a file, a voice message, … | the caption, or empty | `photo` (the largest), `document`, `voice`, … |
/// | a location | `{"lng":12.5, "lat":41.9}`, as in Rasa | `location`, `venue` |
/// | an inline button is pressed | its payload | `callback_query` |
/// | with `edits: true`, a message is edited | the new text | `edited` |
/// | with `membership: true`, somebody comes or goes | `/telegram_member` | `chat_member` |
///
/// The metadata always has `chat`, `from` and `message_id`, and with `raw_event: true` the whole `raw_event`. Nothing that a bot
/// writes comes in, nor what stands in a channel. An update that comes again has one turn.
///
/// A reply's `custom` JSON is what Rasa takes there: `{"photo": …}` calls `sendPhoto`, `{"latitude": …, "longitude": …}`
/// `sendLocation`, and so on; with `message_id`, `{"text": …}` replaces that message.
#[channel(name = "telegram", key = "telegram")]
#[derive(Deserialize)]
#[serde(try_from = "TelegramSettings")]
pub struct Telegram {
    #[serde(skip)]
    secret: SecretToken,
    #[serde(skip)]
    reader: Reader,
    #[serde(skip)]
    receiving: Receiving,
    #[serde(skip)]
    aside: Aside,
    #[serde(skip)]
    format: Format,
    #[serde(skip)]
    api: Arc<BotApi>,
}

impl Telegram {
    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        self.secret.verify(request)
    }

    #[webhook]
    async fn receive(
        &self,
        request: WebhookRequest,
        on_new_message: OnNewMessage,
    ) -> Result<&'static str, Problem> {
        self.hear(&update(request.body())?, &on_new_message).await?;
        Ok("success")
    }

    #[start]
    async fn start(
        &self,
        on_new_message: OnNewMessage,
        notes: Notes,
        shutdown: Shutdown,
    ) -> Result<(), TurnError> {
        match &self.receiving {
            Receiving::Webhook(webhook) => {
                webhook.register(&self.api, &self.reader.updates(), &notes, &shutdown).await;
            }
            Receiving::Polling => receiving::poll(self, &on_new_message, &notes, &shutdown).await,
        }
        Ok(())
    }

    #[output]
    fn output(&self, _to: &Recipient) -> impl OutputChannel + use<> {
        Output::new(Arc::clone(&self.api), self.format)
    }

    /// Has the messages of an update kept, then reacts to it.
    async fn hear(&self, update: &Value, on_new_message: &OnNewMessage) -> Result<(), TurnError> {
        let heard = self.reader.read(update);
        for message in &heard.messages {
            on_new_message.accept(message.clone()).await?;
        }
        self.aside.react(&self.api, &heard);
        Ok(())
    }
}
