//! What the API says of itself: its description in `OpenAPI`, and a page to try it.

use axum::{
    Extension,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use bytes::Bytes;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// The description of the API, as JSON.
#[derive(Clone)]
pub(super) struct Described(Bytes);

impl Described {
    pub(super) fn new(document: &Document) -> Self {
        // Strings, lists and objects: writing them as JSON cannot fail.
        Self(document.to_json().unwrap_or_default().into())
    }
}

/// This description, in `OpenAPI` 3.1.
#[utoipa::path(get, path = "/openapi.json", operation_id = "get_description", tag = "server", responses((status = 200, description = "The description.", body = Object)))]
pub(super) async fn described(Extension(Described(json)): Extension<Described>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
}

/// A page that shows the routes and lets one try them.
#[utoipa::path(get, path = "/docs", operation_id = "get_page", tag = "server", responses((status = 200, description = "The page.", body = String, content_type = "text/html")))]
pub(super) async fn page() -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'";
    let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::REFERRER_POLICY, "no-referrer")];
    (headers, Html(include_str!("docs.html"))).into_response()
}

/// The description without its routes.
pub(super) fn about() -> Document {
    About::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "HTTP API",
        description = "What programs ask of conversations, as of Rasa's server. A conversation belongs to the channel that it goes through: where an id has conversations on several channels, `channel` says which is meant.",
    ),
    tags(
        (name = "server", description = "The server itself."),
        (name = "conversations", description = "Conversations: reading, adding, triggering."),
        (name = "model", description = "The bot."),
        (name = "operations", description = "What waits, and what has failed for good."),
        (name = "tokens", description = "JSON Web Tokens."),
    ),
    modifiers(&Tokens),
)]
struct About;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let token = ApiKeyValue::with_description("token", "The server's `--auth-token`.");
        components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Query(token)));
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The server's `--auth-token`, or a JSON Web Token that is signed with its `--jwt-secret`.",
            ))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}
