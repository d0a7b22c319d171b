//! Making a bot do something: an intent from outside, an action.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use channel_core::{
    CollectedMessage, EventVerbosity, Metadata, Tracker, TrackerState, TurnError, UserMessage,
};
use channel_engine::{Conversation, Visit, Visited};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    Api, Failure,
    body::Object,
    delivery::{Delivered, Delivery},
    id::ConversationId,
    params::{Out, Params, Shown, Which},
    schemas::{self, ConversationPath},
    session,
};

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Outcome {
    /// The conversation after it.
    #[schema(value_type = schemas::Tracker)]
    tracker: TrackerState,
    /// What the bot said.
    #[schema(value_type = Vec<schemas::Message>)]
    messages: Vec<CollectedMessage>,
    /// How that reached whom it is for.
    delivered: Delivered,
}

/// Tells the bot that something happened, as an intent.
///
/// The conversation begins if it has not; the bot answers as if the user had said something of this intent.
#[utoipa::path(
    post, path = "/conversations/{conversation_id}/trigger_intent", operation_id = "trigger_intent", tag = "conversations",
    params(ConversationPath, Out, Shown, Which),
    request_body = schemas::Intent,
    responses(
        (status = 200, description = "What came of it.", body = Outcome),
        (status = 404, description = "The domain has no such intent.", body = schemas::Refusal),
        schemas::Refusals, schemas::NotSent,
    ),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn trigger_intent(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(out): Params<Out>,
    Params(shown): Params<Shown>,
    Params(which): Params<Which>,
    body: Object,
) -> Result<Json<Outcome>, Failure> {
    let dialogue = api.dialogue()?;
    let intent = body.name("intent")?;
    let verbosity = shown.verbosity()?;
    let conversation = api.conversation(&id, &which, &out).await?;
    let tracker = api.engine.tracker(&conversation).await?;
    let delivery = api.delivery(&out, &conversation, tracker.as_ref())?;
    if !dialogue.has_intent(intent) {
        let message = format!("The intent {intent} does not exist in the domain.");
        return Err(Failure::new(StatusCode::NOT_FOUND, "NotFound", message));
    }
    let mut message = external(intent, &id, body.get("entities"));
    message.input_channel = tracker.as_ref().and_then(Tracker::latest_input_channel).map(str::to_owned);
    let visit =
        Visit { conversation: conversation.clone(), message, replies: delivery.replies(), reminders: true };
    let turn = api.engine.visit(visit, |agent, turn| {
        Box::pin(async move {
            session::begin(agent, turn).await?;
            agent.handle(turn).await
        })
    });
    outcome(turn.await, &conversation, &delivery, verbosity).await
}

/// Runs an action, as if a policy had chosen it.
#[utoipa::path(
    post, path = "/conversations/{conversation_id}/execute", operation_id = "execute", tag = "conversations",
    params(ConversationPath, Out, Shown, Which),
    request_body = schemas::Action,
    responses(
        (status = 200, description = "What came of it.", body = Outcome),
        (status = 404, description = "There is no such conversation, or no such action.", body = schemas::Refusal),
        schemas::Refusals, schemas::NotSent,
    ),
    security(("token" = []), ("bearer" = [])),
)]
#[deprecated = "Rasa has deprecated it; trigger an intent"]
pub(super) async fn execute(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(out): Params<Out>,
    Params(shown): Params<Shown>,
    Params(which): Params<Which>,
    body: Object,
) -> Result<Json<Outcome>, Failure> {
    let dialogue = api.dialogue()?;
    let (conversation, tracker) = api.known_conversation(&id, &which, &out).await?;
    let action = body.name("action")?.to_owned();
    let policy = body.text("policy")?.map(str::to_owned);
    let confidence = body.number("confidence")?;
    let verbosity = shown.verbosity()?;
    let delivery = api.delivery(&out, &conversation, Some(&tracker))?;
    if !dialogue.has_action(&action) {
        let message = format!("The action {action} does not exist in the domain.");
        return Err(Failure::new(StatusCode::NOT_FOUND, "NotFound", message));
    }
    let visit = Visit {
        conversation: conversation.clone(),
        message: UserMessage::new("", &id),
        replies: delivery.replies(),
        reminders: true,
    };
    let turn = api.engine.visit(visit, move |agent, turn| {
        Box::pin(async move {
            session::begin(agent, turn).await?;
            match agent.dialogue() {
                Some(dialogue) => dialogue.execute(turn, &action, policy.as_deref(), confidence).await,
                None => Ok(()),
            }
        })
    });
    outcome(turn.await, &conversation, &delivery, verbosity).await
}

async fn outcome(
    turn: Result<Visited, TurnError>,
    conversation: &Conversation,
    delivery: &Delivery,
    verbosity: EventVerbosity,
) -> Result<Json<Outcome>, Failure> {
    let mut visited = turn?;
    let (messages, delivered) = delivery.outcome(conversation, &mut visited.sends).await?;
    Ok(Json(Outcome { tracker: visited.tracker.state(verbosity), messages, delivered }))
}

/// What stands in the conversation for something that happened outside.
fn external(intent: &str, sender_id: &str, entities: Option<&Value>) -> UserMessage {
    let metadata = Metadata::from_iter([("is_external".to_owned(), true.into())]);
    let parse_data = Metadata::from_iter([
        ("intent".to_owned(), json!({ "name": intent })),
        ("entities".to_owned(), entities_of(entities).into()),
    ]);
    UserMessage::new(format!("EXTERNAL: {intent}"), sender_id)
        .with_metadata(metadata)
        .with_parse_data(parse_data)
}

/// The entities as a list; `{"city": "Rome"}` is short for one.
fn entities_of(given: Option<&Value>) -> Vec<Value> {
    match given {
        Some(Value::Array(entities)) => entities.clone(),
        Some(Value::Object(values)) => {
            values.iter().map(|(entity, value)| json!({ "entity": entity, "value": value })).collect()
        }
        _ => Vec::new(),
    }
}
