//! What waits: messages for their turns, replies for their platforms.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{Json, extract::State};
use channel_engine::{Listed, ListedReply, State as Standing};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Api, Failure,
    listing::{Listing, States, seconds},
    params::Params,
    schemas,
};

/// How much there is to do.
#[derive(Serialize, ToSchema)]
pub(super) struct Backlog {
    /// How many messages have turns that are not over.
    pending: u64,
    /// How old the oldest of them is, in seconds; null without any.
    oldest_pending_seconds: Option<f64>,
    /// How many replies are not sent.
    unsent: u64,
    /// How old the oldest of them is, in seconds; null without any.
    oldest_unsent_seconds: Option<f64>,
    /// How many messages and replies wait for their time.
    scheduled: u64,
    /// How many dead letters there are.
    dead_letters: u64,
}

/// How much there is to do.
#[utoipa::path(
    get, path = "/backlog", operation_id = "get_backlog", tag = "operations",
    responses((status = 200, description = "How much there is to do.", body = Backlog), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn read(State(api): State<Arc<Api>>) -> Result<Json<Backlog>, Failure> {
    let backlog = api.engine.store().backlog().await?;
    let age = |since: SystemTime| since.elapsed().as_ref().map_or(0.0, Duration::as_secs_f64);
    Ok(Json(Backlog {
        pending: backlog.pending,
        oldest_pending_seconds: backlog.oldest_pending.map(age),
        unsent: backlog.unsent,
        oldest_unsent_seconds: backlog.oldest_unsent.map(age),
        scheduled: backlog.scheduled,
        dead_letters: backlog.dead_letters,
    }))
}

/// A message that was taken.
#[derive(Serialize, ToSchema)]
pub(super) struct InboxMessage {
    /// The address of the channel that it came through.
    channel: String,
    /// The message's id.
    message_id: String,
    /// Who said it.
    sender_id: String,
    /// `pending`; where all are listed, also `over` and `superseded`.
    state: &'static str,
    /// Why it had no turn of its own, where it is superseded.
    reason: Option<String>,
    /// When it was accepted, in seconds since 1970.
    accepted_at: f64,
    /// How often its turn has failed.
    attempts: u32,
    /// Why, the last time.
    error: Option<String>,
}

/// The messages that were taken and have no answer yet, the oldest first.
///
/// Dead letters are not among them.
#[utoipa::path(
    get, path = "/inbox", operation_id = "list_inbox", tag = "operations",
    params(Listing, States),
    responses((status = 200, description = "The messages.", body = Vec<InboxMessage>), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn inbox(
    State(api): State<Arc<Api>>,
    Params(listing): Params<Listing>,
    Params(states): Params<States>,
) -> Result<Json<Vec<InboxMessage>>, Failure> {
    let filter = listing.filter(states.are_unfinished()?)?;
    let messages = api.engine.store().messages(&filter).await?;
    Ok(Json(messages.into_iter().map(InboxMessage::from).collect()))
}

/// A reply that is not sent.
#[derive(Serialize, ToSchema)]
pub(super) struct OutboxReply {
    /// Its number.
    id: u64,
    /// The address of the channel that it goes through.
    channel: String,
    /// Whose conversation it is part of.
    sender_id: String,
    /// Since when it is to be sent, in seconds since 1970.
    since: f64,
    /// How often it was tried in vain.
    attempts: u32,
    /// When it is tried next, in seconds since 1970; null: as soon as it can be.
    retry_at: Option<f64>,
    /// Why it was not sent, the last time.
    error: Option<String>,
}

/// The replies that are not sent yet, the oldest first.
///
/// Dead letters are not among them.
#[utoipa::path(
    get, path = "/outbox", operation_id = "list_outbox", tag = "operations",
    params(Listing),
    responses((status = 200, description = "The replies.", body = Vec<OutboxReply>), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn outbox(
    State(api): State<Arc<Api>>,
    Params(listing): Params<Listing>,
) -> Result<Json<Vec<OutboxReply>>, Failure> {
    let replies = api.engine.store().replies(&listing.filter(true)?).await?;
    Ok(Json(replies.into_iter().map(OutboxReply::from).collect()))
}

impl From<Listed> for InboxMessage {
    fn from(message: Listed) -> Self {
        let (state, reason) = match message.state {
            Standing::Pending => ("pending", None),
            Standing::Over => ("over", None),
            Standing::Superseded(by) => ("superseded", Some(by)),
            Standing::Dead(_) => ("dead", None),
        };
        Self {
            channel: message.key.channel.to_string(),
            message_id: message.key.message_id.to_string(),
            sender_id: message.conversation.sender_id.to_string(),
            state,
            reason,
            accepted_at: seconds(message.accepted_at),
            attempts: message.attempts,
            error: message.error,
        }
    }
}

impl From<ListedReply> for OutboxReply {
    fn from(reply: ListedReply) -> Self {
        Self {
            id: reply.id,
            channel: reply.channel.to_string(),
            sender_id: reply.conversation.sender_id.to_string(),
            since: seconds(reply.since),
            attempts: reply.attempts,
            retry_at: reply.retry_at.map(seconds),
            error: reply.error,
        }
    }
}
