//! A conversation as a test story, in Rasa's YAML.

use std::sync::Arc;

use axum::extract::State;
use channel_core::{Event, EventKind, Tracker};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::{
    Api, Failure,
    id::ConversationId,
    params::{Out, Params, Until, Which, is_true},
    schemas::{self, ConversationPath},
    yaml,
};

/// What never stands in a story.
const UNTOLD: [&str; 3] = ["action_listen", "action_session_start", "action_unlikely_intent"];

/// Which sessions are told.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Sessions {
    /// Whether all are, each as a story of its own; else the last one.
    #[param(value_type = Option<bool>)]
    all_sessions: Option<String>,
}

/// A conversation as a test story.
#[utoipa::path(
    get, path = "/conversations/{conversation_id}/story", operation_id = "get_story", tag = "conversations",
    params(ConversationPath, Until, Sessions, Which),
    responses((status = 200, description = "The story, in YAML.", body = String, content_type = "text/plain"), schemas::Refusals, schemas::NoConversation),
    security(("token" = []), ("bearer" = [])),
)]
pub(super) async fn read(
    State(api): State<Arc<Api>>,
    ConversationId(id): ConversationId,
    Params(until): Params<Until>,
    Params(sessions): Params<Sessions>,
    Params(which): Params<Which>,
) -> Result<String, Failure> {
    let (_, tracker) = api.known_conversation(&id, &which, &Out::default()).await?;
    let mut told = sessions_of(&tracker);
    if !is_true(sessions.all_sessions.as_deref()) {
        told.drain(..told.len().saturating_sub(1));
    }
    if let Some(time) = until.time() {
        for session in &mut told {
            session.truncate(session.iter().take_while(|event| event.timestamp <= time).count());
        }
        told.retain(|session| !session.is_empty());
    }
    Ok(stories(&id, &told))
}

/// The events of each session; the first one may have begun without saying so.
fn sessions_of(tracker: &Tracker) -> Vec<Vec<&Event>> {
    let mut sessions = Vec::new();
    for event in tracker.events() {
        let begins = matches!(&event.kind, EventKind::Action { name: Some(name), .. } if name == "action_session_start");
        if begins || sessions.is_empty() {
            sessions.push(Vec::new());
        }
        if let Some(session) = sessions.last_mut() {
            session.push(&**event);
        }
    }
    sessions
}

fn stories(id: &str, sessions: &[Vec<&Event>]) -> String {
    let mut text = "version: \"3.1\"\n".to_owned();
    if !sessions.is_empty() {
        text.push_str("stories:\n");
    }
    for (index, session) in sessions.iter().enumerate() {
        let name = if sessions.len() > 1 { format!("{id}, story {}", index + 1) } else { id.to_owned() };
        text.extend(["- story: ", &yaml::scalar(&name), "\n  steps:"]);
        let steps: String =
            session.iter().enumerate().filter_map(|(at, event)| step(event, &session[at..])).collect();
        text += if steps.is_empty() { " []\n" } else { "\n" };
        text += &steps;
    }
    text
}

/// One step of a story; `rest` is the event and what came after it.
fn step(event: &Event, rest: &[&Event]) -> Option<String> {
    match &event.kind {
        EventKind::User { text, parse_data, .. } => Some(utterance(text.as_deref(), parse_data, rest)),
        EventKind::Action { name: Some(name), .. } if !name.is_empty() => {
            (!UNTOLD.contains(&name.as_str())).then(|| one("action", name))
        }
        EventKind::Action { action_text: Some(text), .. } => Some(one("bot", text)),
        EventKind::Slot { name, value } => {
            Some(entry(&json!([{ "slot_was_set": [{ name.as_str(): value }] }])))
        }
        EventKind::ActiveLoop { name } => Some(entry(&json!([{ "active_loop": name }]))),
        _ => None,
    }
}

fn one(key: &str, text: &str) -> String {
    format!("  - {key}: {}\n", yaml::scalar(text))
}

/// A list's entry, as far in as the steps of a story.
fn entry(list: &Value) -> String {
    yaml::write(list).lines().flat_map(|line| ["  ", line, "\n"]).collect()
}

fn utterance(text: Option<&str>, parse_data: &Map<String, Value>, rest: &[&Event]) -> String {
    let intent = (!is_seen_by_text(rest)).then(|| intent_of(parse_data)).flatten();
    let mut lines = Vec::new();
    if let Some(intent) = intent {
        lines.push(format!("intent: {}\n", yaml::scalar(intent)));
    }
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let mut line = "user:".to_owned();
        yaml::literal(&mut line, &annotated(text, parse_data), 6);
        lines.push(line);
    }
    if lines.is_empty() { String::new() } else { format!("  - {}", lines.join("    ")) }
}

fn intent_of(parse_data: &Map<String, Value>) -> Option<&str> {
    parse_data.get("intent")?.get("name")?.as_str()
}

/// Whether what the user said was understood by its words instead of its intent.
fn is_seen_by_text(rest: &[&Event]) -> bool {
    let later = rest.iter().skip(1).take_while(|event| !matches!(event.kind, EventKind::User { .. }));
    let seen = later.filter_map(|event| match event.kind {
        EventKind::UserFeaturization { use_text_for_featurization } => use_text_for_featurization,
        _ => None,
    });
    seen.last().unwrap_or(false)
}

/// The text with its entities as training data has them: `in [Rome](city)`.
fn annotated(text: &str, parse_data: &Map<String, Value>) -> String {
    let none = Vec::new();
    let entities = parse_data.get("entities").and_then(Value::as_array).unwrap_or(&none);
    if text.starts_with('/') {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let place = |entity: &Value, key: &str| entity[key].as_u64().and_then(|at| usize::try_from(at).ok());
    let mut spans: Vec<_> = entities
        .iter()
        .filter_map(|entity| Some((place(entity, "start")?, place(entity, "end")?, entity)))
        .filter(|(start, end, _)| start <= end && *end <= letters.len())
        .collect();
    spans.sort_by_key(|(start, ..)| *start);
    let mut whole = String::new();
    let mut at = 0;
    for (start, end, entity) in spans {
        if start < at {
            continue;
        }
        let words: String = letters[start..end].iter().collect();
        whole.extend(&letters[at..start]);
        whole.extend(["[", &words, "]", &attributes(&words, entity)]);
        at = end;
    }
    whole.extend(&letters[at..]);
    whole
}

fn attributes(words: &str, entity: &Value) -> String {
    let value = Some(&entity["value"]).filter(|value| value.as_str() != Some(words));
    let further = [("role", Some(&entity["role"])), ("group", Some(&entity["group"])), ("value", value)];
    let further: Vec<_> = further
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.filter(|value| !value.is_null())?)))
        .collect();
    let kind = &entity["entity"];
    if further.is_empty() {
        return format!("({})", kind.as_str().unwrap_or_default());
    }
    let all = [("entity", kind)].into_iter().chain(further);
    let fields: Vec<_> = all.map(|(key, value)| format!("\"{key}\": {value}")).collect();
    format!("{{{}}}", fields.join(", "))
}
