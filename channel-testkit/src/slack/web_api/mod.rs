//! The Web API, <https://docs.slack.dev/apis/web-api>.

mod arguments;
mod blocks;
mod chat;
mod conversations;
mod elements;
mod views;

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, header::AUTHORIZATION},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Inner,
    workspace::{BOT, BOT_USER, TEAM},
};
use crate::fake::{Answer, read_parameters};

pub(super) use arguments::{Arguments, Refusal};

pub(super) async fn call(
    State(inner): State<Arc<Inner>>,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    let bearer = bearer(request.headers()).map(str::to_owned);
    let parameters = read_parameters(request, |name, _| json!(name)).await;
    let is_readable = parameters.is_ok();
    let mut parameters = parameters.unwrap_or_default();
    let in_body = parameters.remove("token").and_then(|token| token.as_str().map(str::to_owned));
    let logged = Value::Object(parameters.clone());
    let perform = async {
        let arguments = is_readable.then(|| Arguments::new(parameters)).ok_or(Refusal::new("invalid_json"));
        let token = bearer.or(in_body);
        match arguments.and_then(|arguments| inner.perform(&method, token.as_deref(), &arguments)) {
            Ok(mut body) => {
                body["ok"] = true.into();
                Answer::ok(body)
            }
            Err(refusal) => refusal.into_answer(),
        }
    };
    inner.calls.answer(&method, logged, perform, too_many).await
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

pub(super) fn too_many(seconds: u64) -> Answer {
    let body = json!({ "ok": false, "error": "ratelimited" });
    Answer { retry_after: Some(seconds), ..Answer::new(429, body) }
}

impl Inner {
    fn perform(
        self: &Arc<Self>,
        method: &str,
        token: Option<&str>,
        arguments: &Arguments,
    ) -> Result<Value, Refusal> {
        let token = token.ok_or(Refusal::new("not_authed"))?;
        let is_for_app = method == "apps.connections.open";
        let expected = if is_for_app { self.settings.app_token.as_ref() } else { Some(&self.settings.token) };
        if expected.is_none_or(|expected| expected != token) {
            return Err(Refusal::new("invalid_auth"));
        }
        match method {
            "auth.test" => Ok(self.identity()),
            "chat.postMessage" => self.post_message(arguments),
            "chat.postEphemeral" => self.post_ephemeral(arguments),
            "chat.update" => self.update(arguments),
            "chat.delete" => self.delete(arguments),
            "conversations.open" => self.open_conversation(arguments),
            "views.open" => self.open_view(arguments),
            "apps.connections.open" => Ok(self.open_socket()),
            _ => Err(Refusal::new("unknown_method")),
        }
    }

    fn identity(&self) -> Value {
        json!({
            "url": "https://fake.slack.com/",
            "team": "fake",
            "user": self.settings.app_name,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": false,
        })
    }
}
