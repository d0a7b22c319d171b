//! The Bot API, <https://core.telegram.org/bots/api#making-requests>.

mod arguments;
mod edits;
mod messages;
mod polling;
mod webhook;

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::header::AUTHORIZATION,
    response::Response,
};
use serde_json::{Value, json};

use super::{Inner, files, markup::utf16, world::Kind};
use crate::fake::{Answer, read_parameters};

use arguments::{Arguments, Refusal, bad};

/// The most bytes of a file that a bot can have.
const DOWNLOAD: usize = 20 * 1024 * 1024;

pub(super) fn is_token(inner: &Inner, bot: &str) -> bool {
    bot.strip_prefix("bot").is_some_and(|token| token == inner.settings.token)
}

pub(super) async fn call(
    State(inner): State<Arc<Inner>>,
    Path((bot, method)): Path<(String, String)>,
    mut request: Request,
) -> Response {
    request.headers_mut().remove(AUTHORIZATION);
    let is_known = is_token(&inner, &bot);
    let keep = |name: &str, content| json!(inner.change(|world| world.keep_file(name, Some(content))));
    let parameters = read_parameters(request, keep).await;
    let is_readable = parameters.is_ok();
    let arguments = Arguments::new(parameters.unwrap_or_default());
    let logged = arguments.logged();
    let perform = async {
        let result = match (is_known, is_readable) {
            (false, _) => Err(Refusal::new(401, "Unauthorized")),
            (_, false) => Err(bad("can't parse JSON object")),
            _ if method.eq_ignore_ascii_case("getUpdates") => inner.poll(&arguments).await,
            _ => inner.perform(&method, &arguments),
        };
        match result {
            Ok(result) => Answer::ok(json!({ "ok": true, "result": result })),
            Err(refusal) => refusal.into_answer(),
        }
    };
    inner.calls.answer(&method, logged, perform, |seconds| Refusal::too_many(seconds).into_answer()).await
}

impl Inner {
    /// Does what the bot asks for, except polling.
    fn perform(self: &Arc<Self>, method: &str, arguments: &Arguments) -> Result<Value, Refusal> {
        match method.to_ascii_lowercase().as_str() {
            "getme" => Ok(self.me()),
            "setwebhook" => self.set_webhook(arguments),
            "deletewebhook" => Ok(self.delete_webhook(arguments)),
            "getwebhookinfo" => Ok(self.webhook_info()),
            "sendchataction" => self.show_action(arguments),
            "editmessagetext" => self.edit_text(arguments),
            "editmessagecaption" => self.edit_caption(arguments),
            "editmessagereplymarkup" => self.edit_markup(arguments),
            "deletemessage" => self.delete_message(arguments),
            "answercallbackquery" => self.answer_query(arguments),
            "getfile" => self.file(arguments),
            "sendmediagroup" => self.send_album(arguments),
            other => match other.strip_prefix("send") {
                Some(what) => self.send(what, arguments),
                None => Err(Refusal::new(404, "Not Found")),
            },
        }
    }

    /// A webhook may be answered with a call, whose result the bot does not learn.
    pub(super) fn follow(self: &Arc<Self>, answer: &str) {
        let Ok(Value::Object(mut call)) = serde_json::from_str(answer) else { return };
        if let Some(Value::String(method)) = call.remove("method") {
            let _ = self.perform(&method, &Arguments::new(call));
        }
    }

    fn me(&self) -> Value {
        let mut me = self.bot_json();
        me["can_join_groups"] = true.into();
        me["can_read_all_group_messages"] = true.into();
        me["supports_inline_queries"] = false.into();
        me
    }

    fn show_action(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        const ACTIONS: &str = "typing upload_photo record_video upload_video record_voice upload_voice \
                               upload_document choose_sticker find_location record_video_note upload_video_note";
        self.chat(arguments)?;
        let action = arguments.text("action").unwrap_or_default();
        if !action.is_empty() && ACTIONS.split_whitespace().any(|known| known == action) {
            return Ok(true.into());
        }
        Err(bad("wrong parameter action in request"))
    }

    fn answer_query(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        const NOTICE: usize = 200;
        let id = arguments.text("callback_query_id").unwrap_or_default();
        let notice = arguments.text("text").unwrap_or_default();
        if utf16(&notice) > NOTICE {
            return Err(bad("MESSAGE_TOO_LONG"));
        }
        self.change(|world| {
            let query = world.queries.iter_mut().find(|query| query.id == id && query.answer.is_none());
            let query = query
                .ok_or_else(|| bad("query is too old and response timeout expired or query ID is invalid"))?;
            query.answer = Some(notice.into_owned());
            Ok(true.into())
        })
    }

    fn file(&self, arguments: &Arguments) -> Result<Value, Refusal> {
        let id = arguments.text("file_id").unwrap_or_default();
        self.look(|world| {
            let content = world.files.get(id.as_ref()).and_then(|stored| stored.content.as_ref());
            let content = content.ok_or_else(|| bad("invalid file_id"))?;
            if content.len() > DOWNLOAD {
                return Err(bad("file is too big"));
            }
            Ok(json!({
                "file_id": id,
                "file_unique_id": format!("u{id}"),
                "file_size": content.len(),
                "file_path": files::path(&id),
            }))
        })
    }

    /// The chat that is written to, if the bot may write there; its topic, if one is named.
    fn chat(&self, arguments: &Arguments) -> Result<super::Chat, Refusal> {
        let id =
            arguments.text("chat_id").filter(|id| !id.is_empty()).ok_or_else(|| bad("chat_id is empty"))?;
        let id: i64 = id.parse().map_err(|_| bad("chat not found"))?;
        let topic = arguments.int("message_thread_id");
        self.look(|world| {
            let room = world.rooms.get(&id).ok_or_else(|| bad("chat not found"))?;
            if let Some(supergroup) = room.migrated_to {
                let refusal = bad("group chat was upgraded to a supergroup chat");
                return Err(refusal.with(json!({ "migrate_to_chat_id": supergroup })));
            }
            if !room.has_bot {
                return Err(Refusal::new(
                    403,
                    match room.kind {
                        Kind::Private => "Forbidden: bot was blocked by the user",
                        Kind::Group => "Forbidden: bot was kicked from the group chat",
                        Kind::Supergroup => "Forbidden: bot was kicked from the supergroup chat",
                    },
                ));
            }
            if topic.is_some_and(|topic| !room.topics.contains(&topic)) {
                return Err(bad("message thread not found"));
            }
            Ok(super::Chat { id, topic })
        })
    }
}
