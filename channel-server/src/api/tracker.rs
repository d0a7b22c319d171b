//! Reading and deleting conversations.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use channel_core::{Tracker, TrackerState, TurnError};

use super::{
    Api, Failure,
    id::ConversationId,
    params::{Out, Params, Shown, Until, Which},
    schemas::{self, ConversationPath},
    session,
};

/// A conversation.
///
/// One that has not begun is shown as it would begin, and not kept.
#[utoipa::path(
    get, path = "/conversations/{conversation_id}/tracker", operation_id = "get_tracker", tag = "conversations",
    params(ConversationPath, Shown, Until, Which),
    responses((status = 200, description = "The conversation.", body = schemas::Tracker), schemas::Refusals, schemas::NoConversation),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn read(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(shown): Params<Shown>,
    Params(until): Params<Until>,
    Params(which): Params<Which>,
) -> Result<Json<TrackerState>, Failure> {
    let verbosity = shown.verbosity()?;
    let conversation = api.conversation(&id, &which, &Out::default()).await?;
    let tracker = match (api.engine.tracker(&conversation).await?, api.engine.agent().dialogue()) {
        (Some(tracker), _) => tracker,
        (None, Some(dialogue)) => {
            session::fresh(dialogue, &id).await.map_err(|error| TurnError::Failed(error.into()))?
        }
        (None, None) => return Err(Failure::no_conversation()),
    };
    let tracker = match until.time() {
        Some(time) => api.until(&tracker, time),
        None => tracker,
    };
    Ok(Json(tracker.state(verbosity)))
}

/// Forgets a conversation.
#[utoipa::path(
    delete, path = "/conversations/{conversation_id}/tracker", operation_id = "delete_tracker", tag = "conversations",
    params(ConversationPath, Which),
    responses((status = 204, description = "It is forgotten."), schemas::Refusals, schemas::NoConversation),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn delete(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(which): Params<Which>,
) -> Result<StatusCode, Failure> {
    let conversation = api.conversation(&id, &which, &Out::default()).await?;
    if api.engine.remove(conversation).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Failure::no_conversation())
    }
}

impl Api {
    /// A conversation as it was at a time, in seconds since 1970: as in Rasa, up to the first event that is later.
    pub(super) fn until(&self, tracker: &Tracker, time: f64) -> Tracker {
        let events = tracker.events().iter().take_while(|event| event.timestamp <= time);
        self.replay(tracker.sender_id(), events.map(|event| (**event).clone()))
    }

    /// What these events add up to.
    pub(super) fn replay(
        &self,
        sender_id: &str,
        events: impl IntoIterator<Item = channel_core::Event>,
    ) -> Tracker {
        let mut tracker = match self.engine.agent().dialogue() {
            Some(dialogue) => dialogue.tracker(sender_id),
            None => Tracker::new(sender_id),
        };
        tracker.extend(events);
        tracker
    }
}
