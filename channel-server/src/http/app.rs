//! One request from its head to its answer.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use channel_core::Problem;
use futures_util::{FutureExt as _, future::Either};
use http_body::Body as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::{
    body::LimitedBody,
    cors::Cors,
    in_time::{InTime, NoAnswer},
    request_id,
    routes::Routes,
};
use crate::limits::Limits;

/// What the server answers requests with.
pub(crate) struct App {
    routes: Routes,
    limits: Limits,
    cors: Option<Cors>,
    requests: Arc<Semaphore>,
}

impl App {
    pub(crate) fn new(routes: Routes, limits: Limits, cors: Option<Cors>) -> Self {
        let requests = Arc::new(Semaphore::new(limits.requests.min(Semaphore::MAX_PERMITS)));
        Self { routes, limits, cors, requests }
    }

    /// The limits.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Answers a request that came in over a connection.
    pub(super) fn answer_incoming<B>(
        self: Arc<Self>,
        request: http::Request<B>,
    ) -> impl Future<Output = Response> + Send
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
        self.answer(limited)
    }

    /// Answers a request.
    pub(crate) fn answer(self: Arc<Self>, request: Request) -> impl Future<Output = Response> + Send {
        let Some(cors) = &self.cors else { return Either::Left(self.answer_within_limits(request)) };
        let app = Arc::clone(&self);
        let inner = service_fn(move |request| app.answer_within_limits(request).map(Ok::<_, Infallible>));
        let answer = cors.layer().layer(inner).oneshot(request);
        Either::Right(answer.map(|Ok(response)| response).boxed())
    }

    /// No `async fn`: those on the way of a request would keep room for it, each for itself.
    fn answer_within_limits(&self, mut request: Request) -> impl Future<Output = Response> + Send + use<> {
        let id = request_id::assign(request.headers_mut());
        let time = self.limits.response;
        let admitted = self.admit(&mut request).map(|(router, permit)| {
            (InTime::new(router.oneshot(request).map(|Ok(response)| response), time), permit)
        });
        async move {
            let response = match admitted {
                Ok((answer, _permit)) => answer.await.unwrap_or_else(|none| none.explained(time, &id)),
                Err(refusal) => refusal,
            };
            identified(response, id)
        }
    }

    /// The routes that answer the request, as far as there is room for it.
    #[expect(clippy::result_large_err, reason = "a refusal is an answer like any other")]
    fn admit(&self, request: &mut Request) -> Result<(Router, OwnedSemaphorePermit), Response> {
        let permit = Arc::clone(&self.requests).try_acquire_owned().map_err(|_| {
            let busy = Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the server is at its limit of requests; try again",
            );
            busy.with_retry_after(1).into_response()
        })?;
        if is_larger(request.body(), self.limits.body) {
            let message = format!("the body is larger than {} bytes", self.limits.body);
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message).into_response());
        }
        Ok((self.routes.channel(request)?, permit))
    }
}

/// Whether the body is announced to be larger than that.
fn is_larger(body: &impl http_body::Body, limit: usize) -> bool {
    body.size_hint().lower() > limit as u64
}

impl NoAnswer {
    fn explained(self, time: Duration, id: &HeaderValue) -> Response {
        match self {
            Self::Panicked => {
                tracing::error!(request_id = ?id, "a handler panicked");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed; its log says why")
            }
            Self::TooSlow => {
                let seconds = time.as_secs_f64();
                let message =
                    format!("there was no answer within {seconds} s; the message is still being worked on");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, message)
            }
        }
        .into_response()
    }
}

/// Puts the id of the request on its answer, and into the body of a refusal.
fn identified(mut response: Response, id: HeaderValue) -> Response {
    if is_bare_not_found(&response) {
        let message = "there is nothing under this path; a channel's webhook ends in `/webhook`";
        response = Problem::new(StatusCode::NOT_FOUND, message).into_response();
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        tracing::debug!(request_id = ?id, status = problem.status().as_u16(), message = problem.message(), "refused");
        let body = problem.to_json(id.to_str().ok());
        response.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
        *response.body_mut() = Body::from(body);
    }
    response.headers_mut().insert(request_id::HEADER.clone(), id);
    response
}

/// Whether this is a router's own answer where it has no route. Its author may have set another.
fn is_bare_not_found(response: &Response) -> bool {
    response.status() == StatusCode::NOT_FOUND
        && !response.headers().contains_key(header::CONTENT_TYPE)
        && response.body().size_hint().exact() == Some(0)
}

/// Takes axum's own limit off a router whose bodies may be larger than that: the server's stands.
pub(crate) fn without_own_limit(router: Router, limits: &Limits) -> Router {
    const OF_AXUM: usize = 2 * 1024 * 1024;
    if limits.body > OF_AXUM { router.layer(DefaultBodyLimit::disable()) } else { router }
}
