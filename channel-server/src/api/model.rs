//! What can be asked of the bot itself.

use std::{borrow::Cow, sync::Arc};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use channel_core::{EventVerbosity, Metadata, TrackerState, UserMessage};
use channel_engine::Visit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Api, Failure,
    body::Object,
    delivery::Delivery,
    id::ConversationId,
    params::{Out, Params, Which, given},
    schemas::{self, ConversationPath},
    session, yaml,
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Says hello: the server is up.
#[utoipa::path(get, path = "/", operation_id = "hello", tag = "server", responses((status = 200, description = "A greeting.", body = String, content_type = "text/plain")))]
pub(super) async fn hello(method: Method) -> Response {
    crate::http::hello(&method)
}

/// The server's version.
#[derive(Serialize, ToSchema)]
pub(super) struct Version {
    /// Of this server.
    version: &'static str,
    /// The oldest version whose data this one reads.
    minimum_compatible_version: &'static str,
}

/// The server's version.
#[utoipa::path(get, path = "/version", operation_id = "get_version", tag = "server", responses((status = 200, description = "The version.", body = Version)))]
pub(super) async fn version() -> Json<Version> {
    Json(Version { version: VERSION, minimum_compatible_version: VERSION })
}

/// Which model answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Status {
    /// Always null: a bot is read from its folder.
    model_file: Option<String>,
    /// What the bot's configuration calls it (`assistant_id`), if it does.
    model_id: Option<String>,
    /// Always 0: nothing is trained here.
    num_active_training_jobs: u32,
}

/// Which model answers.
#[utoipa::path(
    get, path = "/status", operation_id = "get_status", tag = "server",
    responses((status = 200, description = "The model.", body = Status), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn status(State(api): State<Arc<Api>>) -> Json<Status> {
    let dialogue = api.engine.agent().dialogue();
    let model_id = dialogue.and_then(channel_core::Dialogue::assistant_id).map(str::to_owned);
    Json(Status { model_file: None, model_id, num_active_training_jobs: 0 })
}

/// The bot's domain, as JSON or as YAML.
#[utoipa::path(
    get, path = "/domain", operation_id = "get_domain", tag = "model",
    params(("Accept" = Option<String>, Header, description = "`application/json`, the default, or `application/x-yaml`.")),
    responses(
        (status = 200, description = "The domain.", content((Object = "application/json"), (String = "application/x-yaml"))),
        (status = 406, description = "`Accept` asks for something else.", body = schemas::Refusal),
        schemas::Refusals,
    ),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn domain(State(api): State<Arc<Api>>, headers: HeaderMap) -> Result<Response, Failure> {
    let domain = api.dialogue()?.domain();
    let accept = headers
        .get(header::ACCEPT)
        .map_or(Cow::Borrowed("json"), |accept| String::from_utf8_lossy(accept.as_bytes()));
    if accept.ends_with("json") {
        return Ok(Json(domain).into_response());
    }
    if accept.ends_with("yml") || accept.ends_with("yaml") {
        let media_type = HeaderValue::from_static("application/x-yaml");
        return Ok(([(header::CONTENT_TYPE, media_type)], yaml::write(domain)).into_response());
    }
    let message = "Invalid Accept header. Domain can be provided as json (\"Accept: application/json\") or yml (\"Accept: application/x-yaml\"). Make sure you've set the appropriate Accept header.";
    Err(Failure::new(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", message))
}

/// How an understanding is written.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Emulation {
    /// Other products' forms, which Rasa knows and this server does not: anything here is refused.
    emulation_mode: Option<String>,
}

/// What the bot understands of a text.
#[utoipa::path(
    post, path = "/model/parse", operation_id = "parse", tag = "model",
    params(Emulation),
    request_body = schemas::Text,
    responses((status = 200, description = "`intent`, `entities`, `text`, ….", body = Object), schemas::Refusals),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn parse(
    State(api): State<Arc<Api>>,
    Params(emulation): Params<Emulation>,
    body: Object,
) -> Result<Json<Metadata>, Failure> {
    let dialogue = api.dialogue()?;
    if given(emulation.emulation_mode.as_deref()).is_some() {
        let message = "no product is emulated here: leave `emulation_mode` out";
        return Err(Failure::parameter("emulation_mode", "query", message));
    }
    let Some(text) = body.text("text")? else {
        let message = "No text message defined in request_body. Add text message to request body in order to obtain the intent and extracted entities.";
        return Err(Failure::parameter("text", "body", message));
    };
    Ok(Json(dialogue.parse(text)))
}

/// What the bot would do next.
#[derive(Serialize, ToSchema)]
pub(super) struct Prediction {
    /// Every action, the best first.
    scores: Vec<Score>,
    /// Who would choose the first.
    policy: Option<String>,
    /// How sure of it that is, from 0 to 1.
    confidence: f64,
    /// The conversation.
    #[schema(value_type = schemas::Tracker)]
    tracker: TrackerState,
}

/// How much speaks for an action.
#[derive(Serialize, ToSchema)]
pub(super) struct Score {
    /// The action's name.
    action: String,
    /// From 0 to 1.
    score: f64,
}

/// What the bot would do next.
///
/// A session that has expired begins anew.
#[utoipa::path(
    post, path = "/conversations/{conversation_id}/predict", operation_id = "predict", tag = "conversations",
    params(ConversationPath, Which),
    responses((status = 200, description = "Every action and its score.", body = Prediction), schemas::Refusals, schemas::NoConversation),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn predict(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(which): Params<Which>,
) -> Result<Json<Prediction>, Failure> {
    let dialogue = api.dialogue()?;
    let (conversation, _) = api.known_conversation(&id, &which, &Out::default()).await?;
    let message = UserMessage::new("", &id);
    let visit = Visit { conversation, message, replies: Delivery::collected().replies(), reminders: true };
    let turn = api.engine.visit(visit, |agent, turn| Box::pin(session::begin(agent, turn)));
    let tracker = turn.await?.tracker;
    let channel_core::Prediction { scores, policy, confidence } = dialogue.predict(&tracker);
    let scores = scores.into_iter().map(|(action, score)| Score { action, score }).collect();
    Ok(Json(Prediction { scores, policy, confidence, tracker: tracker.state(EventVerbosity::AfterRestart) }))
}
