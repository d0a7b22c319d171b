//! Which pages of which origins may read the answers.

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// Which pages of which origins may read the answers.
pub(crate) struct Cors(CorsLayer);

impl Cors {
    /// For these origins, `*` for all; `None` where there are none.
    ///
    /// Only named origins may send credentials: with `*` any page could act for whoever looks at it.
    ///
    /// # Errors
    ///
    /// An origin that is none.
    pub(crate) fn of(origins: &[String]) -> Result<Option<Self>, String> {
        if origins.is_empty() {
            return Ok(None);
        }
        let layer = CorsLayer::new()
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .expose_headers([HeaderName::from_static("x-request-id"), header::RETRY_AFTER]);
        let named = origins.iter().filter(|origin| *origin != "*");
        let allowed = named.map(|origin| parse(origin.trim())).collect::<Result<Vec<_>, _>>()?;
        if allowed.len() < origins.len() {
            return Ok(Some(Self(layer.allow_origin(AllowOrigin::any()).allow_headers(AllowHeaders::any()))));
        }
        let layer =
            layer.allow_origin(allowed).allow_headers(AllowHeaders::mirror_request()).allow_credentials(true);
        Ok(Some(Self(layer)))
    }

    pub(super) fn layer(&self) -> &CorsLayer {
        &self.0
    }
}

fn parse(origin: &str) -> Result<HeaderValue, String> {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ']));
    let value = HeaderValue::from_str(origin).ok().filter(|_| is_origin);
    value.ok_or_else(|| {
        format!("`{origin}` is no origin: write scheme, host and port, as in `https://chat.example:8443`, or `*` for all")
    })
}
