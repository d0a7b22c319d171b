//! Answers by `response_url`, and in the response to a slash command,
//! <https://docs.slack.dev/interactivity/handling-user-interaction>, Message responses.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{
    Inner,
    web_api::{Arguments, Refusal, too_many},
    workspace::{BOT_USER, Workspace},
};
use crate::fake::{Answer, read_parameters};

pub(super) async fn call(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let body = read_parameters(request, |_, _| Value::Null).await.unwrap_or_default();
    let logged = Value::Object(body.clone());
    let perform = async {
        match inner.answer_by_url(&id, &Arguments::new(body)) {
            Ok(()) => Answer::ok(json!({ "ok": true })),
            Err(code) => Answer::new(404, json!({ "ok": false, "error": code })),
        }
    };
    inner.calls.answer("response_url", logged, perform, too_many).await
}

impl Inner {
    fn answer_by_url(&self, id: &str, said: &Arguments) -> Result<(), &'static str> {
        self.change(|workspace| {
            let known =
                workspace.response_urls.iter_mut().find(|known| known.id == id).ok_or("invalid_url")?;
            if Instant::now() > known.expires {
                return Err("expired_url");
            }
            known.uses_left = known.uses_left.checked_sub(1).ok_or("used_url")?;
            let (channel, user, ts) = (known.channel.clone(), known.user.clone(), known.ts.clone());
            let original = ts.as_deref();
            if said.is("delete_original") {
                original.and_then(|ts| workspace.remove(&channel, ts));
                return Ok(());
            }
            let content = said.content().map_err(|refusal| refusal.code)?;
            match original.filter(|_| said.is("replace_original")) {
                Some(ts) => workspace.replace(&channel, ts, content),
                None => workspace.answer(&channel, &user, said, content),
            }
            Ok(())
        })
    }

    /// Shows what a slash command was answered with: words, or a message in JSON.
    pub(super) fn show_answer(&self, user: &str, channel: &str, answer: &str) {
        let said = match serde_json::from_str(answer) {
            Ok(Value::Object(said)) => said,
            _ if answer.trim().is_empty() => return,
            _ => Map::from_iter([("text".to_owned(), answer.into())]),
        };
        let said = Arguments::new(said);
        if let Ok::<_, Refusal>(content) = said.content() {
            self.change(|workspace| workspace.answer(channel, user, &said, content));
        }
    }
}

impl Workspace {
    fn answer(&mut self, channel: &str, user: &str, said: &Arguments, mut content: Map<String, Value>) {
        if let Some(blocks) = content.get_mut("blocks") {
            self.complete_blocks(blocks);
        }
        let is_for_all = said.text("response_type") == Some("in_channel");
        self.post(channel, BOT_USER, (!is_for_all).then_some(user), content);
    }

    /// Puts another content in the place of a message's; its thread stays.
    pub(super) fn replace(&mut self, channel: &str, ts: &str, mut content: Map<String, Value>) {
        if let Some(blocks) = content.get_mut("blocks") {
            self.complete_blocks(blocks);
        }
        if let Some(post) = self.post_at(channel, ts) {
            content.extend(post.content.remove("thread_ts").map(|thread| ("thread_ts".to_owned(), thread)));
            post.content = content;
            post.is_edited = true;
        }
    }
}
