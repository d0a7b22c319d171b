//! The routes of the API, and their description.

use std::sync::Arc;

use axum::{
    Extension, Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use channel_core::Problem;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, access, backlog, dead_letters, docs, events, failure, messages, model, story, tracker, triggers,
    verify,
};
use crate::http::method_not_allowed;

/// The routes, for whoever is let in.
pub(crate) fn router(api: Api) -> Router {
    let api = Arc::new(api);
    let mut unguarded = open();
    if api.access.jwt.is_some() {
        unguarded = unguarded.routes(routes!(verify::issue)).routes(routes!(verify::verify));
    }
    let guarded = guarded().route_layer(from_fn_with_state(Arc::clone(&api), access::guard));
    let (router, described) =
        OpenApiRouter::with_openapi(docs::about()).merge(unguarded).merge(guarded).split_for_parts();
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(Extension(docs::Described::new(&described)))
        .layer(from_fn(failure::identify))
        .with_state(api)
}

/// What everybody may ask.
fn open() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::new()
        .routes(routes!(model::hello))
        .routes(routes!(model::version))
        .routes(routes!(docs::described))
        .routes(routes!(docs::page))
}

#[expect(deprecated, reason = "deprecated routes are served as well")]
fn guarded() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::new()
        .routes(routes!(model::status))
        .routes(routes!(model::domain))
        .routes(routes!(model::parse))
        .routes(routes!(tracker::read, tracker::delete))
        .routes(routes!(events::append, events::replace))
        .routes(routes!(messages::add))
        .routes(routes!(triggers::trigger_intent))
        .routes(routes!(triggers::execute))
        .routes(routes!(model::predict))
        .routes(routes!(story::read))
        .routes(routes!(backlog::read))
        .routes(routes!(backlog::inbox))
        .routes(routes!(backlog::outbox))
        .routes(routes!(dead_letters::list))
        .routes(routes!(dead_letters::read, dead_letters::discard))
        .routes(routes!(dead_letters::replay))
}

async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing under this path; `/docs` shows what there is")
}
