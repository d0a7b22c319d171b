//! The same connector by hand: nothing but axum and serde.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

struct MyIo {
    username: String,
    another_parameter: Option<String>,
}

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    #[serde(alias = "text")]
    message: String,
    #[expect(dead_code, reason = "read, as the generated connector reads it; this agent has no use for it")]
    metadata: Option<Map<String, Value>>,
}

#[derive(Serialize)]
struct Reply {
    recipient_id: String,
    text: String,
}

/// The connector's router, its routes below `base`.
pub fn router(base: &str) -> Router {
    let my_io = MyIo { username: "user_name".to_owned(), another_parameter: Some("some value".to_owned()) };
    Router::new()
        .route(&format!("{base}/"), get(async || Json(serde_json::json!({ "status": "ok" }))))
        .route(&format!("{base}/webhook"), post(receive))
        .with_state(Arc::new(my_io))
}

async fn receive(State(my_io): State<Arc<MyIo>>, Json(body): Json<Incoming>) -> Json<Vec<Reply>> {
    tracing::debug!(my_io.username, my_io.another_parameter, "received");
    let text = answer(body.message.trim()).await;
    Json(vec![Reply { recipient_id: body.sender, text }])
}

#[expect(clippy::unused_async, reason = "an agent is asynchronous; this one is done at once")]
async fn answer(text: &str) -> String {
    format!("You said: {text}")
}
