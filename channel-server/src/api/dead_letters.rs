//! Dead letters: what could not be answered, or not be sent.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
};
use channel_core::{BotMessage, Recipient, UserMessage};
use channel_engine::{Content, Conversation, DeadLetter, LetterId};
use serde::Serialize;
use utoipa::{IntoParams, IntoResponses, ToSchema};

use super::{
    Api, Failure,
    listing::{Listing, seconds},
    params::Params,
    schemas,
};

/// A message that could not be answered, or a reply that could not be sent.
#[derive(Serialize, ToSchema)]
pub(super) struct Letter {
    /// `m` and a number for a message, `r` and a number for a reply.
    #[schema(example = "m17")]
    id: String,
    /// `message` or `reply`.
    kind: &'static str,
    /// The address of the channel that it came through, or was to go through.
    channel: String,
    /// Whose conversation it is part of.
    sender_id: String,
    /// Since when it is a dead letter, in seconds since 1970.
    since: f64,
    /// How often it was tried.
    attempts: u32,
    /// Why it failed, the last time.
    error: String,
}

/// A dead letter, and what it says.
#[derive(Serialize, ToSchema)]
pub(super) struct Opened {
    #[serde(flatten)]
    letter: Letter,
    /// The message, of one that could not be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    message: Option<UserMessage>,
    /// What the log calls the trace that the message belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    /// The reply, of one that could not be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    reply: Option<BotMessage>,
    /// Where the reply was to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    to: Option<Recipient>,
    /// What of the reply the user may have got: nothing (`failed`), a part (`partial`), or nobody knows (`unknown`).
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
}

/// Where something goes on.
#[derive(Serialize, ToSchema)]
pub(super) struct Replayed {
    /// The address of the conversation's channel.
    channel: String,
    /// Whose conversation it is.
    sender_id: String,
}

/// Which dead letter.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it is described, and never made")]
pub(super) struct LetterPath {
    /// The dead letter's id, as it is listed.
    #[param(example = "m17")]
    id: String,
}

/// There is no such dead letter.
#[derive(IntoResponses)]
#[response(status = 404)]
#[expect(dead_code, reason = "it is described, and never made")]
pub(super) struct NoLetter(schemas::Refusal);

/// The id of a dead letter as a path names it.
pub(super) struct Id(LetterId);

/// The dead letters, the oldest first: messages, then replies.
#[utoipa::path(
    get, path = "/dead_letters", operation_id = "list_dead_letters", tag = "operations",
    params(Listing),
    responses((status = 200, description = "The dead letters.", body = Vec<Letter>), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn list(
    State(api): State<Arc<Api>>,
    Params(listing): Params<Listing>,
) -> Result<Json<Vec<Letter>>, Failure> {
    let letters = api.engine.store().dead_letters(&listing.filter(false)?).await?;
    Ok(Json(letters.iter().map(listed).collect()))
}

/// A dead letter, and what it says.
#[utoipa::path(
    get, path = "/dead_letters/{id}", operation_id = "get_dead_letter", tag = "operations",
    params(LetterPath),
    responses((status = 200, description = "The dead letter.", body = Opened), schemas::Refusals, NoLetter),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn read(State(api): State<Arc<Api>>, Id(id): Id) -> Result<Json<Opened>, Failure> {
    let letter = api.engine.store().dead_letter(id).await?.ok_or_else(|| unknown(id))?;
    Ok(Json(opened(letter)))
}

/// Has a dead letter answered, or sent, after all: it is no longer one.
///
/// It comes after what waits in its conversation already. What a message's finished steps did stays done; its replies are sent.
#[utoipa::path(
    post, path = "/dead_letters/{id}/replay", operation_id = "replay_dead_letter", tag = "operations",
    params(LetterPath),
    responses((status = 200, description = "The conversation in which it goes on.", body = Replayed), schemas::Refusals, NoLetter),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn replay(State(api): State<Arc<Api>>, Id(id): Id) -> Result<Json<Replayed>, Failure> {
    let conversation = api.engine.store().replay(id).await?.ok_or_else(|| unknown(id))?;
    api.engine.look(&conversation);
    let Conversation { channel, sender_id } = conversation;
    Ok(Json(Replayed { channel: channel.to_string(), sender_id: sender_id.to_string() }))
}

/// Discards a dead letter for good.
#[utoipa::path(
    delete, path = "/dead_letters/{id}", operation_id = "discard_dead_letter", tag = "operations",
    params(LetterPath),
    responses((status = 204, description = "It is discarded."), schemas::Refusals, NoLetter),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn discard(State(api): State<Arc<Api>>, Id(id): Id) -> Result<StatusCode, Failure> {
    if api.engine.store().discard(id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown(id)) }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Ok(Path(id)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(not_found("the dead letter's id is not UTF-8 once its percent-escapes are read"));
        };
        id.parse().map(Self).map_err(|error: channel_engine::NoLetterId| not_found(error.to_string()))
    }
}

fn unknown(id: LetterId) -> Failure {
    not_found(format!(
        "there is no dead letter `{id}`; if there was one, it was replayed or discarded, or is too old to be kept"
    ))
}

fn not_found(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "NotFound", message)
}

fn listed(letter: &DeadLetter) -> Letter {
    let kind = match letter.id {
        LetterId::Message(_) => "message",
        LetterId::Reply(_) => "reply",
    };
    Letter {
        id: letter.id.to_string(),
        kind,
        channel: letter.channel.to_string(),
        sender_id: letter.conversation.sender_id.to_string(),
        since: seconds(letter.since),
        attempts: letter.attempts,
        error: letter.error.clone(),
    }
}

fn opened(letter: DeadLetter) -> Opened {
    let closed = listed(&letter);
    let empty =
        Opened { letter: closed, message: None, trace_id: None, reply: None, to: None, outcome: None };
    match letter.content {
        Content::Message(mut message) => {
            let trace_id = message.trace_id().map(str::to_owned);
            // A connector may have kept the request's credentials among them.
            message.headers.clear();
            Opened { message: Some(*message), trace_id, ..empty }
        }
        Content::Reply { to, reply, outcome } => {
            Opened { reply: Some(*reply), to: Some(to), outcome: Some(outcome), ..empty }
        }
    }
}
