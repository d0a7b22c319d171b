//! The way from a path to a channel.
//!
//! `/webhooks/<prefix>`, with or without a slash at its end, and everything below belongs to the channel of that prefix;
//! the longest prefix wins. The channel's own routes see the rest of the path, which for its webhook and its health is
//! known beforehand, so that no request has to build it.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{OriginalUri, Request},
    http::{Method, StatusCode, Uri, header, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use channel_core::Problem;

use crate::api::one_segment;

/// Every mounted channel by its route.
pub(crate) struct Routes {
    channels: HashMap<String, Router>,
    /// The most parts that a route has after `/webhooks`.
    depth: usize,
    /// The HTTP API, where it is switched on.
    api: Option<Router>,
    /// What `/metrics` answers with, where it is switched on.
    metrics: Option<Router>,
    health: Uri,
    webhook: Uri,
}

impl Routes {
    /// The routes of these channels, each with its base, as `/webhooks/myio`.
    pub(crate) fn new(channels: impl IntoIterator<Item = (String, Router)>) -> Self {
        let channels: HashMap<_, _> = channels.into_iter().collect();
        let depth = channels.keys().map(|base| base.matches('/').count() - 1).max().unwrap_or(0);
        Self {
            channels,
            depth,
            api: None,
            metrics: None,
            health: Uri::from_static("/"),
            webhook: Uri::from_static("/webhook"),
        }
    }

    /// Adds the HTTP API: it has every path that is no channel's.
    pub(crate) fn with_api(self, api: Option<Router>) -> Self {
        Self { api, ..self }
    }

    /// Adds `/metrics`.
    pub(crate) fn with_metrics(self, metrics: Option<Router>) -> Self {
        Self { metrics, ..self }
    }

    /// The routes of the channel that the path names, to which the request then has the rest of its path; or the answer,
    /// where there is none.
    #[expect(clippy::result_large_err, reason = "where there is no channel, there is an answer")]
    pub(super) fn channel(&self, request: &mut Request) -> Result<Router, Response> {
        let path = request.uri().path();
        if let Some(metrics) = self.metrics.as_ref().filter(|_| path == "/metrics") {
            return Ok(metrics.clone());
        }
        if let Some(api) = self.api.as_ref().filter(|_| !is_below_webhooks(path)) {
            if let Some(uri) = one_segment(request.uri()) {
                *request.uri_mut() = uri;
            }
            return Ok(api.clone());
        }
        if path == "/" {
            return Err(hello(request.method()));
        }
        let Some((router, rest)) = self.find(path) else {
            tracing::debug!(path, "no channel under this path");
            let message =
                "no channel is mounted under this path; the server logs at its start which are, and where";
            return Err(Problem::new(StatusCode::NOT_FOUND, message).into_response());
        };
        let inner = self.inner_uri(rest, request.uri().query());
        let router = router.clone();
        let original = std::mem::replace(request.uri_mut(), inner);
        request.extensions_mut().insert(OriginalUri(original));
        Ok(router)
    }

    /// The channel with the longest matching route, and what is left of the path.
    fn find<'a>(&self, path: &'a str) -> Option<(&Router, &'a str)> {
        let below = path.strip_prefix("/webhooks/")?;
        let start = path.len() - below.len();
        let ends = below.match_indices('/').map(|(at, _)| start + at).chain([path.len()]);
        let mut found = None;
        for end in ends.take(self.depth) {
            if let Some(router) = self.channels.get(&path[..end]) {
                found = Some((router, &path[end..]));
            }
        }
        found
    }

    fn inner_uri(&self, rest: &str, query: Option<&str>) -> Uri {
        match (rest, query) {
            ("" | "/", None) => self.health.clone(),
            ("/webhook" | "/webhook/", None) => self.webhook.clone(),
            _ => {
                let path = match rest {
                    "" | "/" => "/",
                    rest => rest.strip_suffix('/').unwrap_or(rest),
                };
                let whole = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
                // Parts of a URI are a URI.
                PathAndQuery::try_from(whole).map_or_else(|_| self.health.clone(), Uri::from)
            }
        }
    }
}

fn is_below_webhooks(path: &str) -> bool {
    path.strip_prefix("/webhooks").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The answer to a request for `/`.
pub(crate) fn hello(method: &Method) -> Response {
    if matches!(*method, Method::GET | Method::HEAD) {
        return concat!("Hello from channel-server: ", env!("CARGO_PKG_VERSION")).into_response();
    }
    ([(header::ALLOW, "GET,HEAD")], refused(method)).into_response()
}

/// The answer to a method that a route has nothing for.
pub(crate) async fn method_not_allowed(method: Method) -> Problem {
    refused(&method)
}

fn refused(method: &Method) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("this route does not answer {method}"))
}
