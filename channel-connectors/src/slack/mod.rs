//! `slack`: an app in Slack workspaces, by the Events API and the Web API.

mod answers;
mod inbound;
mod output;
mod receive;
mod settings;
mod signature;
mod socket;

use std::time::SystemTime;

use channel_core::{
    BoxError, OnNewMessage, OutputChannel, Problem, Recipient, Shutdown, VerifyError, WebhookRequest,
    channel, output, start, verify, webhook,
};
use serde::Deserialize;

use answers::Answers;
use inbound::Reader;
use output::Output;
use receive::{Acknowledgement, receive};
use settings::SlackSettings;
use signature::Signature;
use socket::{Socket, Taker};

/// The `slack` channel: people write to an app in Slack, and the bot answers there.
///
/// ```yaml
/// slack:
///   slack_token: "${SLACK_TOKEN}"                     # xoxb-…
///   slack_signing_secret: "${SLACK_SIGNING_SECRET}"
/// ```
///
/// `https://bot.example.com/webhooks/slack/webhook` is the address for events, interactivity and slash commands alike. Each
/// request has to be signed by Slack, not more than five minutes ago.
///
/// | what happens in Slack | text of the message | in its metadata |
/// |---|---|---|
/// | a direct message, a mention, a message in `slack_channel` | the text without the mention of the bot | `files`, where there are some |
/// | a button, a select, check boxes, a date picker, … | the value; several with `, ` between them | `action`, `state`, `message_ts`, `trigger_id` |
/// | a slash command | `/command text`, as typed | `command` |
/// | a view is submitted | its `callback_id` | `view` |
/// | a shortcut | its `callback_id` | `shortcut`, and the message that it was used on |
/// | with `edits: true`, a text is edited | the new text | `message_changed` |
/// | with `edits: true`, a message is deleted | empty | `message_deleted` |
///
/// The metadata always has `out_channel`, `thread_id` and `users`, as in Rasa, and with `raw_event: true` the whole
/// `raw_event`. Nothing of the bot's own, of other bots and of Slack itself comes in. Slack is told that a delivery arrived
/// as soon as it is kept; what it delivers again, or both as a message and as a mention, has one turn.
///
/// A reply's `custom` JSON is what `chat.postMessage` is called with (a list: its `blocks`). With `ephemeral_user` (an id, or
/// `true` for whoever is answered) one person alone sees it; with `ts` it replaces that message; with `view` and
/// `trigger_id` it opens a view.
#[channel(name = "slack", key = "slack")]
#[derive(Deserialize)]
#[serde(try_from = "SlackSettings")]
pub struct Slack {
    /// Without one, nothing is delivered by HTTP.
    #[serde(skip)]
    signature: Option<Signature>,
    #[serde(skip)]
    socket: Option<Socket>,
    #[serde(skip)]
    reader: Reader,
    #[serde(skip)]
    answers: Answers,
    #[serde(skip)]
    output: Output,
}

impl Slack {
    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        let signature = self.signature.as_ref();
        let signature = signature.ok_or(VerifyError::new("Slack delivers by Socket Mode, not here"))?;
        signature.verify(request, SystemTime::now())
    }

    #[webhook]
    async fn receive(
        &self,
        request: WebhookRequest,
        on_new_message: OnNewMessage,
    ) -> Result<Acknowledgement, Problem> {
        let delivery = self.reader.read(&request)?;
        Ok(receive(delivery, &self.answers, &on_new_message).await?)
    }

    #[output]
    fn output(&self, _to: &Recipient) -> impl OutputChannel + use<> {
        self.output.clone()
    }

    #[start]
    async fn listen(&self, on_new_message: OnNewMessage, shutdown: Shutdown) -> Result<(), BoxError> {
        if let Some(socket) = &self.socket {
            let taker =
                Taker { reader: &self.reader, answers: &self.answers, on_new_message: &on_new_message };
            socket.run(taker, &shutdown).await;
        }
        Ok(())
    }
}
