//! One request from its head to its answer.

use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use channel_core::Problem;
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::{body::LimitedBody, cors::Cors, request_id, routes::Routes};
use crate::limits::Limits;

/// What the server answers requests with.
pub(crate) struct App {
    routes: Routes,
    limits: Limits,
    cors: Option<Cors>,
    requests: Semaphore,
}

impl App {
    pub(crate) fn new(routes: Routes, limits: Limits, cors: Option<Cors>) -> Self {
        let requests = Semaphore::new(limits.requests.min(Semaphore::MAX_PERMITS));
        Self { routes, limits, cors, requests }
    }

    /// The limits.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Answers a request that came in over a connection.
    pub(super) async fn answer_incoming<B>(self: Arc<Self>, request: http::Request<B>) -> Response
    where
        B: http_body::Body<Data = bytes::Bytes, Error: Into<axum::BoxError>> + Send + Unpin + 'static,
    {
        let Limits { body: limit, receive, .. } = self.limits;
        let limited = request.map(|body| {
            // A limit would hide the size that is announced; a body of that size is refused without being read.
            if is_larger(&body, limit) {
                Body::new(body)
            } else {
                Body::new(LimitedBody::new(body, limit, receive))
            }
        });
        self.answer(limited).await
    }

    /// Answers a request.
    pub(crate) async fn answer(self: Arc<Self>, request: Request) -> Response {
        if self.cors.is_none() {
            return self.answer_within_limits(request).await;
        }
        let app = Arc::clone(&self);
        let inner = service_fn(move |request| {
            let app = Arc::clone(&app);
            async move { Ok::<_, Infallible>(app.answer_within_limits(request).await) }
        });
        let Some(cors) = &self.cors else { unreachable!("checked above") };
        match cors.layer().layer(inner).oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn answer_within_limits(self: Arc<Self>, mut request: Request) -> Response {
        let id = request_id::assign(request.headers_mut());
        let Ok(_permit) = self.requests.try_acquire() else {
            let busy = Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the server is at its limit of requests; try again",
            );
            return identified(busy.with_retry_after(1).into_response(), id);
        };
        if is_larger(request.body(), self.limits.body) {
            let message = format!("the body is larger than {} bytes", self.limits.body);
            return identified(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message).into_response(), id);
        }
        let response = AssertUnwindSafe(self.routes.answer(request)).catch_unwind();
        let response = match tokio::time::timeout(self.limits.response, response).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                tracing::error!(request_id = ?id, "a handler panicked");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed; its log says why")
                    .into_response()
            }
            Err(_) => too_slow(&self.limits),
        };
        identified(response, id)
    }
}

/// Whether the body is announced to be larger than that.
fn is_larger(body: &impl http_body::Body, limit: usize) -> bool {
    body.size_hint().lower() > limit as u64
}

fn too_slow(limits: &Limits) -> Response {
    let seconds = limits.response.as_secs_f64();
    let message = format!("there was no answer within {seconds} s; the message is still being worked on");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, message).into_response()
}

/// Puts the id of the request on its answer, and into the body of a refusal.
fn identified(mut response: Response, id: HeaderValue) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let body = problem.to_json(id.to_str().ok());
        response.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
        *response.body_mut() = Body::from(body);
    }
    response.headers_mut().insert(request_id::HEADER.clone(), id);
    response
}

/// Takes axum's own limit off a router whose bodies may be larger than that: the server's stands.
pub(crate) fn without_own_limit(router: axum::Router, limits: &Limits) -> axum::Router {
    const OF_AXUM: usize = 2 * 1024 * 1024;
    if limits.body > OF_AXUM { router.layer(DefaultBodyLimit::disable()) } else { router }
}
