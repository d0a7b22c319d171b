//! `?stream=true`: each reply a line of JSON, as soon as it is there.

use std::{convert::Infallible, sync::Arc};

use channel_core::{
    BotMessage, Button, CollectedMessage, CollectingOutputChannel, Element, OnNewMessage, OutputChannel,
    Problem, Recipient, SendError, Sent, TrackerState, TurnError, UserMessage, async_trait,
    axum::{
        body::Body,
        http::header,
        response::{IntoResponse, Response},
    },
};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

/// Runs the turn and answers with its replies as they come.
///
/// The answer starts with the first reply: until then a failure is a 5xx. A later one is the last line, an object with
/// `status` and `message`. Either way the answer ends.
pub(super) async fn answer(
    on_new_message: OnNewMessage,
    message: UserMessage,
) -> Result<Response, TurnError> {
    let request_id = on_new_message.request_id().map(str::to_owned);
    let (sender, mut replies) = unbounded_channel();
    let lines = Arc::new(Lines { collector: on_new_message.collector(), sender });
    // In a task of its own the turn goes on while nobody reads.
    let turn = tokio::spawn(async move { on_new_message.handle(message, lines).await });
    let Some(first) = replies.recv().await else {
        return match outcome(turn).await {
            Ok(()) => Ok(response(Body::empty())),
            Err(error) => Err(error),
        };
    };
    Ok(response(Body::from_stream(lines_of(first, replies, turn, request_id))))
}

fn response(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

/// The replies, a line each; after the last one the failure of the turn, if it failed.
fn lines_of(
    first: CollectedMessage,
    replies: UnboundedReceiver<CollectedMessage>,
    turn: JoinHandle<Result<(), TurnError>>,
    request_id: Option<String>,
) -> impl Stream<Item = Result<String, Infallible>> {
    let state = (Some(first), replies, Some((turn, request_id)));
    stream::unfold(state, |(first, mut replies, end)| async move {
        let next = match first {
            Some(first) => Some(first),
            None => replies.recv().await,
        };
        if let Some(reply) = next {
            return Some((Ok(line(&reply)), (None, replies, end)));
        }
        let (turn, request_id) = end?;
        let failure = Problem::from(outcome(turn).await.err()?).to_json(request_id.as_deref());
        Some((Ok(failure + "\n"), (None, replies, None)))
    })
}

async fn outcome(turn: JoinHandle<Result<(), TurnError>>) -> Result<(), TurnError> {
    turn.await.unwrap_or_else(|stopped| Err(TurnError::Failed(stopped.into())))
}

fn line(reply: &impl Serialize) -> String {
    // Strings, and JSON that was JSON before: writing them cannot fail.
    serde_json::to_string(reply).unwrap_or_default() + "\n"
}

/// Collects like any REST answer, and passes on what it collected.
struct Lines {
    collector: Arc<CollectingOutputChannel>,
    /// Unbounded: a caller who reads slowly must not hold up the turn, whose replies are in memory anyhow.
    sender: UnboundedSender<CollectedMessage>,
}

impl Lines {
    /// Nobody listening any more is no failure: the turn goes on.
    fn pass_on(&self) {
        for message in self.collector.take_messages() {
            let _ = self.sender.send(message);
        }
    }
}

#[async_trait]
impl OutputChannel for Lines {
    fn name(&self) -> &str {
        self.collector.name()
    }

    async fn send_text(&self, to: &Recipient, text: &str, message: &BotMessage) -> Result<Sent, SendError> {
        let sent = self.collector.send_text(to, text, message).await;
        self.pass_on();
        sent
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let sent = self.collector.send_buttons(to, text, buttons, message).await;
        self.pass_on();
        sent
    }

    async fn send_elements(
        &self,
        to: &Recipient,
        elements: &[Element],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let sent = self.collector.send_elements(to, elements, message).await;
        self.pass_on();
        sent
    }

    async fn send_custom(
        &self,
        to: &Recipient,
        custom: &Value,
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let sent = self.collector.send_custom(to, custom, message).await;
        self.pass_on();
        sent
    }

    async fn send_image(&self, to: &Recipient, image: &str, message: &BotMessage) -> Result<Sent, SendError> {
        let sent = self.collector.send_image(to, image, message).await;
        self.pass_on();
        sent
    }

    async fn send_attachment(
        &self,
        to: &Recipient,
        attachment: &Value,
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        let sent = self.collector.send_attachment(to, attachment, message).await;
        self.pass_on();
        sent
    }

    fn set_tracker_state(&self, state: Arc<TrackerState>) {
        self.collector.set_tracker_state(state);
    }

    fn tracker_state(&self) -> Option<Arc<TrackerState>> {
        self.collector.tracker_state()
    }
}
