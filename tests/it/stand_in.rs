//! Plays the action server, whoever is called back, Slack's Web API and Telegram's Bot API.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use channel_core::axum::{
    self, Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, time::timeout};

use crate::rasa::Outbound;

/// Answers as an action server with the bot's actions does, and keeps what it was asked.
pub(crate) struct StandIn {
    address: SocketAddr,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    asked: Mutex<Vec<Outbound>>,
    more: Notify,
    go_on: Notify,
}

impl StandIn {
    pub(crate) async fn start() -> Self {
        let log = Arc::new(Log::default());
        let act = {
            let log = log.clone();
            async move |body: String| answer(&body, &log).await
        };
        let called_back = {
            let log = log.clone();
            async move |body: String| log.keep("callback", body)
        };
        let posted = {
            let log = log.clone();
            async move |body: String| {
                log.keep("slack", body);
                axum::Json(json!({ "ok": true, "ts": "1700000000.000300" }))
            }
        };
        let sent = {
            let log = log.clone();
            async move |Path((_, method)): Path<(String, String)>, body: String| {
                if method.starts_with("send") {
                    log.keep_at("telegram", method, body);
                }
                axum::Json(json!({ "ok": true, "result": { "message_id": 1 } }))
            }
        };
        let router = Router::new()
            .route("/telegram/{bot}/{method}", post(sent))
            .route("/action/webhook", post(act))
            .route("/callback", post(called_back))
            .route("/slack/api/{method}", post(posted));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, log }
    }

    /// The URL of a path: `/action/webhook`, `/callback`; without a path, what they begin with.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Lets the slow action end.
    pub(crate) fn go_on(&self) {
        self.log.go_on.notify_one();
    }

    /// What it was asked, as soon as that is so much; what it was asked so far, if that takes long.
    pub(crate) async fn asked(&self, count: usize) -> Vec<Value> {
        let enough = async {
            while self.log.count() < count {
                self.log.more.notified().await;
            }
        };
        // Whoever asked less is found out by the comparison.
        let _ = timeout(Duration::from_secs(5), enough).await;
        self.log.take().iter().map(Outbound::essence).collect()
    }
}

impl Log {
    fn keep(&self, service: &str, body: String) {
        self.keep_at(service, String::new(), body);
    }

    fn keep_at(&self, service: &str, path: String, body: String) {
        self.asked.lock().unwrap().push(Outbound { service: service.to_owned(), path, body });
        self.more.notify_one();
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn take(&self) -> Vec<Outbound> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// As rasa-sdk 3.6.2 answers for `examples/rasa_bot/bot/actions/actions.py`.
async fn answer(body: &str, log: &Log) -> Response {
    log.keep("action", body.to_owned());
    let request: Value = serde_json::from_str(body).unwrap();
    let name = request["next_action"].as_str().unwrap();
    let refused = |status, error: &str| {
        (status, axum::Json(json!({ "error": error, "action_name": name }))).into_response()
    };
    let done =
        |events, responses| axum::Json(json!({ "events": events, "responses": responses })).into_response();
    match name {
        "action_echo_metadata" => {
            let metadata = &request["tracker"]["latest_message"]["metadata"];
            let source = json!({ "event": "slot", "timestamp": null, "name": "last_source", "value": metadata["source"] });
            done(json!([source]), json!([says(&format!("metadata={}", dumped(metadata)))]))
        }
        // Of the `actions` example.
        "action_tell_page" => {
            let page = request["tracker"]["latest_message"]["metadata"]["page"].as_str().unwrap();
            done(json!([]), json!([says(&format!("You are looking at {page}"))]))
        }
        "action_rich" => include_str!("../fixtures/action_rich.json").into_response(),
        "action_slow" => {
            log.go_on.notified().await;
            done(json!([]), json!([says("slow done")]))
        }
        "action_fail" => {
            let error = json!({ "error": "boom", "request_body": request });
            (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(error)).into_response()
        }
        "action_reject" => refused(StatusCode::BAD_REQUEST, "rejected on purpose"),
        _ => refused(StatusCode::NOT_FOUND, &format!("No registered action found for name '{name}'.")),
    }
}

fn says(text: &str) -> Value {
    json!({
        "text": text, "buttons": [], "elements": [], "custom": {},
        "template": null, "response": null, "image": null, "attachment": null,
    })
}

/// As Python's `json.dumps(…, sort_keys=True)` writes an object of texts.
fn dumped(metadata: &Value) -> String {
    let mut metadata = metadata.clone();
    metadata.sort_all_objects();
    metadata.to_string().replace("\":", "\": ").replace(",\"", ", \"")
}
