//! Events from outside: added to a conversation, or put in its place.

use std::sync::Arc;

use axum::{Json, extract::State};
use channel_core::{BotMessage, Event, EventKind, TrackerState, UserMessage};
use channel_engine::Visit;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::{
    Api, Failure,
    body::Body,
    event_schema,
    id::ConversationId,
    params::{Out, Params, Shown, Which, is_true},
    schemas::{self, ConversationPath},
    session,
};

/// What else happens when events are added.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SideEffects {
    /// Whether what the bot said, according to the events, is sent.
    #[param(value_type = Option<bool>)]
    execute_side_effects: Option<String>,
}

/// Adds events to a conversation.
///
/// A conversation that has not begun begins, unless the events say themselves how. An event without a `timestamp`
/// happens now.
#[utoipa::path(
    post, path = "/conversations/{conversation_id}/tracker/events", operation_id = "append_events", tag = "conversations",
    params(ConversationPath, SideEffects, Out, Shown, Which),
    request_body(content = Vec<schemas::Event>, description = "Events; a single one need not be in a list."),
    responses((status = 200, description = "The conversation after it.", body = schemas::Tracker), schemas::Refusals, schemas::NotSent),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn append(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(effects): Params<SideEffects>,
    Params(out): Params<Out>,
    Params(shown): Params<Shown>,
    Params(which): Params<Which>,
    Body(body): Body,
) -> Result<Json<TrackerState>, Failure> {
    let events = events_of(body)?;
    if events.is_empty() {
        let message = "Couldn't extract a proper event from the request body.";
        return Err(Failure::parameter("", "body", message));
    }
    let verbosity = shown.verbosity()?;
    let conversation = api.conversation(&id, &which, &out).await?;
    let tracker = api.engine.tracker(&conversation).await?;
    let delivery = api.delivery(&out, &conversation, tracker.as_ref())?;
    let sends = is_true(effects.execute_side_effects.as_deref());
    let visit = Visit {
        conversation: conversation.clone(),
        message: UserMessage::new("", &id),
        replies: delivery.replies(),
        reminders: sends,
    };
    let turn = api.engine.visit(visit, move |agent, turn| {
        Box::pin(async move {
            if turn.tracker().events().is_empty() && !begin_session(&events) {
                session::begin(agent, turn).await?;
            }
            let assistant = agent.dialogue().and_then(channel_core::Dialogue::assistant_id);
            for event in events {
                if let Some(message) = said(&event).filter(|_| sends) {
                    turn.reply(message);
                }
                turn.tracker_mut().apply(stamped(event, assistant));
            }
            Ok(())
        })
    });
    let mut visited = turn.await?;
    delivery.outcome(&conversation, &mut visited.sends).await?;
    Ok(Json(visited.tracker.state(verbosity)))
}

/// Puts events in the place of a conversation's.
#[utoipa::path(
    put, path = "/conversations/{conversation_id}/tracker/events", operation_id = "replace_events", tag = "conversations",
    params(ConversationPath, Shown, Which),
    request_body(content = Vec<schemas::Event>, description = "Events; a single one need not be in a list."),
    responses((status = 200, description = "The conversation after it.", body = schemas::Tracker), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn replace(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(shown): Params<Shown>,
    Params(which): Params<Which>,
    Body(body): Body,
) -> Result<Json<TrackerState>, Failure> {
    let events = events_of(body)?;
    let verbosity = shown.verbosity()?;
    let conversation = api.conversation(&id, &which, &Out::default()).await?;
    let tracker = api.engine.replace(conversation, events).await?;
    Ok(Json(tracker.state(verbosity)))
}

/// The events of a body: a list, or a single one.
fn events_of(body: Value) -> Result<Vec<Event>, Failure> {
    let events = match body {
        Value::Array(events) => events,
        event => vec![event],
    };
    events.into_iter().enumerate().map(|(index, event)| event_schema::read(index, event)).collect()
}

/// Whether events begin with a session's start.
fn begin_session(events: &[Event]) -> bool {
    let [first, second, ..] = events else { return false };
    matches!(&first.kind, EventKind::Action { name: Some(name), .. } if name == "action_session_start")
        && second.kind == EventKind::SessionStarted
}

/// What the bot said in an event. A repeated image is shown once.
fn said(event: &Event) -> Option<BotMessage> {
    let EventKind::Bot { text, data } = &event.kind else { return None };
    let mut fields = data.clone();
    fields.extend(event.metadata.clone());
    if fields.get("image") == fields.get("attachment") {
        fields.remove("attachment");
    }
    let mut message: BotMessage = serde_json::from_value(fields.into()).ok()?;
    message.text.clone_from(text);
    Some(message)
}

fn stamped(mut event: Event, assistant: Option<&str>) -> Event {
    if let Some(id) = assistant {
        event.metadata.entry("assistant_id").or_insert_with(|| id.into());
    }
    event
}
