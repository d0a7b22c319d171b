//! What Prometheus reads: what was counted and timed, and how much there is to do.

mod backlog;
mod recorder;

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use channel_engine::{Causes, Engine};

use crate::http::method_not_allowed;

/// The version of the text that Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The route `/metrics`. From here on there is a recorder.
pub(crate) fn router(engine: Engine) -> Router {
    recorder::install();
    Router::new()
        .route("/metrics", get(scrape))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(engine)
}

/// A store that can't be read hides what it would tell, and nothing else.
async fn scrape(State(engine): State<Engine>) -> Response {
    let mut text = recorder::recorded();
    match engine.store().backlog().await {
        Ok(backlog) => backlog::write(&mut text, &backlog),
        Err(error) => tracing::warn!(error = %Causes(&error), "the backlog can't be read for `/metrics`"),
    }
    ([(header::CONTENT_TYPE, TEXT)], text).into_response()
}
