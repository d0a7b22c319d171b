//! A request as it came in.

use std::{fmt, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, OriginalUri, Request},
    http::{HeaderMap, Method, Uri, request::Parts},
};

use super::{Problem, read_body, read_json};

/// A request as it came in, with its raw body: what `#[verify]` and `#[metadata]` look at.
///
/// As an extractor it can stand beside any other, also beside one that reads the body.
#[derive(Clone)]
pub struct WebhookRequest(Arc<Inner>);

struct Inner {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl WebhookRequest {
    /// A request of these parts, for tests and for webhooks without a macro.
    pub fn new(method: Method, uri: Uri, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self(Arc::new(Inner { method, uri, headers, body: body.into() }))
    }

    pub(crate) fn of(parts: &Parts, body: Bytes) -> Self {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Self::new(parts.method.clone(), uri.clone(), parts.headers.clone(), body)
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The address as requested, with `/webhooks/<prefix>` and the query.
    pub fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// A header's value; `None` where it is missing or not visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The body read as JSON, as [`read_json`] does.
    ///
    /// # Errors
    ///
    /// The body is not JSON of this shape.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> serde_json::Result<T> {
        read_json(self.body())
    }
}

impl<S: Send + Sync> FromRequest<S> for WebhookRequest {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        match parts.extensions.get::<Self>() {
            Some(known) => Ok(known.clone()),
            None => Ok(Self::of(&parts, read_body(body).await?)),
        }
    }
}

impl fmt::Debug for WebhookRequest {
    /// Headers and body are left out: they hold signatures, tokens and what people write.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookRequest({} {}, {} bytes)", self.method(), self.uri().path(), self.body().len())
    }
}
