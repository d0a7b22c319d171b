//! The shapes of bodies, for the description of the API.

#![expect(dead_code, reason = "they are described, and never made")]
#![expect(clippy::struct_field_names, reason = "the names are Rasa's")]

use serde_json::{Map, Value};
use utoipa::{IntoParams, IntoResponses, ToSchema};

type Object = Map<String, Value>;

/// Which conversation.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ConversationPath {
    /// The sender's id. It may contain slashes; percent-escapes are read.
    conversation_id: String,
}

/// Why a request was refused.
#[derive(ToSchema)]
pub(super) struct Refusal {
    /// The server's version.
    version: String,
    /// Always `failure`.
    #[schema(pattern = "^failure$")]
    status: String,
    /// For people.
    message: String,
    /// For programs: `BadRequest`, `NotAuthenticated`, `NotAuthorized`, `Not found`, `NotFound`, `Conflict`, ….
    reason: String,
    /// What else there is to say, as the `parameter` that is at fault and where it stands (`in`).
    #[schema(value_type = Object)]
    details: Object,
    /// Where one can read on.
    help: Option<String>,
    /// The status of the answer.
    code: u16,
    /// What the server's log calls the request.
    request_id: String,
}

/// What is wrong with a JSON Web Token.
#[derive(ToSchema)]
pub(super) struct JwtRefusal {
    /// For people.
    reasons: Vec<String>,
    /// For programs.
    exception: String,
    /// What the server's log calls the request.
    request_id: String,
}

/// A token is valid.
#[derive(ToSchema)]
pub(super) struct Valid {
    /// Always true.
    valid: bool,
}

/// Refusals that any route may answer with.
#[derive(IntoResponses)]
pub(super) enum Refusals {
    /// The request is not as it has to be.
    #[response(status = 400)]
    Malformed(Refusal),
    /// The token is missing or wrong.
    #[response(status = 401)]
    Stranger(Refusal),
    /// The token does not allow this.
    #[response(status = 403)]
    Forbidden(Refusal),
    /// Several channels have a conversation of this id; or the agent has no domain, so it can't be asked for this.
    #[response(status = 409)]
    Conflict(Refusal),
    /// The turn failed; the server's log says why.
    #[response(status = 500)]
    Failed(Refusal),
    /// The server is at its limit, or about to stop; try again.
    #[response(status = 503)]
    Busy(Refusal),
}

/// There is no such conversation.
#[derive(IntoResponses)]
#[response(status = 404)]
pub(super) struct NoConversation(Refusal);

/// The channel could not send a reply; the conversation has kept it.
#[derive(IntoResponses)]
#[response(status = 502)]
pub(super) struct NotSent(Refusal);

/// A conversation.
#[derive(ToSchema)]
pub(super) struct Tracker {
    /// The id.
    sender_id: String,
    /// Every slot's value.
    #[schema(value_type = Object)]
    slots: Object,
    /// What was understood of what the user said last: `intent`, `entities`, `text`, `message_id`, `metadata`, ….
    #[schema(value_type = Object)]
    latest_message: Object,
    /// When the last event happened, in seconds since 1970.
    latest_event_time: Option<f64>,
    /// The action that is to run next.
    followup_action: Option<String>,
    /// Whether the bot is silent.
    paused: bool,
    /// The events asked for.
    events: Option<Vec<Event>>,
    /// The channel that the user spoke through last.
    latest_input_channel: Option<String>,
    /// The loop (the form) that is active; empty where none is.
    #[schema(value_type = Object)]
    active_loop: Object,
    /// The action that ran last: its `action_name`, or its `action_text`.
    #[schema(value_type = Object)]
    latest_action: Object,
    /// The name, or the words, of the action that ran last.
    latest_action_name: Option<String>,
}

/// Something that happened in a conversation. Its type says which further fields it has.
#[derive(ToSchema)]
#[schema(example = json!({ "event": "slot", "name": "city", "value": "Rome" }))]
pub(super) struct Event {
    /// Its type: `user`, `bot`, `action`, `slot`, `session_started`, `restart`, ….
    event: String,
    /// When it happened, in seconds since 1970; now, where it is not said.
    timestamp: Option<f64>,
    /// What else is known of it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Object>,
}

/// What the bot said.
#[derive(ToSchema)]
pub(super) struct Message {
    /// Whom it is for.
    recipient_id: String,
    /// The words.
    text: Option<String>,
    /// The address of an image.
    image: Option<String>,
    /// Choices.
    #[schema(value_type = Option<Vec<Object>>)]
    buttons: Option<Vec<Object>>,
    /// A file: its address, or an object.
    #[schema(value_type = Option<Object>)]
    attachment: Option<Value>,
    /// JSON in a platform's own shape.
    #[schema(value_type = Option<Object>)]
    custom: Option<Value>,
}

/// An intent that was not said.
#[derive(ToSchema)]
#[schema(example = json!({ "name": "EXTERNAL_reminder", "entities": { "city": "Rome" } }))]
pub(super) struct Intent {
    /// Its name in the domain.
    name: String,
    /// Its entities: a list of objects with `entity` and `value`, or an object with the value of each.
    #[schema(value_type = Option<Object>)]
    entities: Option<Value>,
}

/// An action to be run.
#[derive(ToSchema)]
#[schema(example = json!({ "name": "utter_greet" }))]
pub(super) struct Action {
    /// Its name in the domain.
    name: String,
    /// Who is said to have chosen it.
    policy: Option<String>,
    /// How sure of it that is said to be, from 0 to 1.
    confidence: Option<f64>,
}

/// What a user said.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "hi", "sender": "user" }))]
pub(super) struct Utterance {
    /// The words.
    text: Option<String>,
    /// Who spoke: always `user`.
    #[schema(pattern = "^user$")]
    sender: String,
    /// What they mean, where it is known: `intent`, `entities`.
    #[schema(value_type = Option<Object>)]
    parse_data: Option<Object>,
}

/// A text to be understood.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "hello" }))]
pub(super) struct Text {
    /// The words.
    text: String,
}
