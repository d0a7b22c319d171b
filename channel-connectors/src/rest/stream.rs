//! `?stream=true`: each reply a line of JSON, as soon as it is there.

use std::{convert::Infallible, sync::Arc};

use channel_core::{
    CollectedMessage, OnNewMessage, Problem, SendError, TurnError, UserMessage, async_trait,
    axum::{
        body::Body,
        http::header,
        response::{IntoResponse, Response},
    },
};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

use crate::relay::{Relay, Sink};

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
    let lines = Arc::new(Relay::new("rest", Lines { sender }));
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

/// Passes each reply on to whoever writes the lines.
struct Lines {
    /// Unbounded: a caller who reads slowly must not hold up the turn, whose replies are in memory anyhow.
    sender: UnboundedSender<CollectedMessage>,
}

#[async_trait]
impl Sink for Lines {
    /// Nobody listening any more is no failure: the turn goes on.
    async fn take(&self, message: CollectedMessage) -> Result<(), SendError> {
        let _ = self.sender.send(message);
        Ok(())
    }
}
