//! Messages that are heard and not answered.

use std::sync::Arc;

use axum::{Json, extract::State};
use channel_core::{TrackerState, UserMessage, python_repr};
use channel_engine::Visit;
use serde_json::Value;

use super::{
    Api, Failure,
    body::Object,
    delivery::Delivery,
    id::ConversationId,
    params::{Out, Params, Shown, Which},
    schemas::{self, ConversationPath},
    session,
};

/// Adds what a user said to a conversation; nothing is answered.
#[utoipa::path(
    post, path = "/conversations/{conversation_id}/messages", operation_id = "add_message", tag = "conversations",
    params(ConversationPath, Shown, Which),
    request_body = schemas::Utterance,
    responses((status = 200, description = "The conversation after it.", body = schemas::Tracker), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn add(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(shown): Params<Shown>,
    Params(which): Params<Which>,
    body: Object,
) -> Result<Json<TrackerState>, Failure> {
    api.dialogue()?;
    let verbosity = shown.verbosity()?;
    check_sender(body.get("sender"))?;
    let mut message = UserMessage::payload(body.text("text")?.unwrap_or_default(), &id);
    message.parse_data = body.object("parse_data")?.cloned();
    let conversation = api.conversation(&id, &which, &Out::default()).await?;
    let visit = Visit { conversation, message, replies: Delivery::collected().replies(), reminders: true };
    let turn = api.engine.visit(visit, |agent, turn| {
        Box::pin(async move {
            session::begin(agent, turn).await?;
            match agent.dialogue() {
                Some(dialogue) => dialogue.hear(turn).await,
                None => Ok(()),
            }
        })
    });
    Ok(Json(turn.await?.tracker.state(verbosity)))
}

fn check_sender(sender: Option<&Value>) -> Result<(), Failure> {
    let sender = match sender {
        Some(Value::String(sender)) if sender == "user" => return Ok(()),
        Some(Value::String(sender)) => sender.clone(),
        Some(sender) => python_repr(sender),
        None => "None".to_owned(),
    };
    let message = format!(
        "Currently, only user messages can be passed to this endpoint. Messages of sender '{sender}' cannot be handled."
    );
    Err(Failure::parameter("sender", "body", message))
}
