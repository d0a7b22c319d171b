//! Who is let in.

use std::sync::Arc;

use axum::{
    extract::{Query, RawPathParams, Request, State, rejection::RawPathParamsRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use channel_core::Secret;

use super::{Api, ApiOptions, Failure, Jwt};

const HELP: &str = "https://rasa.com/docs/rasa/user-guide/configuring-http-api/#security-considerations";

/// Who is let in.
pub(super) struct Access {
    token: Option<Secret>,
    pub(super) jwt: Option<Jwt>,
}

/// Lets a request through whose sender may do what it asks for.
pub(super) async fn guard(
    State(api): State<Arc<Api>>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let conversation = path.iter().flatten().find(|(name, _)| *name == "conversation_id").map(|(_, id)| id);
    api.access.check(&request, conversation)?;
    Ok(next.run(request).await)
}

impl Access {
    pub(super) fn new(options: ApiOptions) -> Self {
        Self { token: options.auth_token, jwt: options.jwt }
    }

    /// Rasa's order: the token, then the JWT; whoever has neither is let in where neither is asked for.
    fn check(&self, request: &Request, conversation: Option<&str>) -> Result<(), Failure> {
        if self.token.is_none() && self.jwt.is_none() {
            return Ok(());
        }
        if self.token.as_ref().is_some_and(|token| shows(request, token)) {
            return Ok(());
        }
        let Some(jwt) = &self.jwt else { return Err(unauthenticated()) };
        let token = match bearer(request.headers()) {
            Bearer::None => return Err(unauthenticated()),
            Bearer::Malformed => return Err(malformed()),
            Bearer::Token(token) => token,
        };
        let claims = jwt.claims(token).map_err(|_| unauthenticated())?;
        if claims.allow(conversation) { Ok(()) } else { Err(forbidden()) }
    }
}

/// Whether a request shows the token. A JWT is never equal to it, so one header serves both.
fn shows(request: &Request, token: &Secret) -> bool {
    // An empty token is a mistake, which must not let everybody in.
    if token.expose().is_empty() {
        return false;
    }
    if let Bearer::Token(shown) = bearer(request.headers())
        && token.matches(shown)
    {
        return true;
    }
    let Ok(Query(query)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) else { return false };
    query.iter().find(|(name, _)| name == "token").is_some_and(|(_, shown)| token.matches(shown))
}

/// What an `Authorization` header says.
pub(super) enum Bearer<'a> {
    None,
    Malformed,
    Token(&'a [u8]),
}

pub(super) fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    let Some(value) = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes) else {
        return Bearer::None;
    };
    match value.split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(b"bearer ") => Bearer::Token(token.trim_ascii()),
        _ => Bearer::Malformed,
    }
}

fn unauthenticated() -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, "NotAuthenticated", "User is not authenticated.").with_help(HELP)
}

fn forbidden() -> Failure {
    Failure::new(StatusCode::FORBIDDEN, "NotAuthorized", "User has insufficient permissions.").with_help(HELP)
}

pub(super) fn malformed() -> Failure {
    Failure::of_jwt(StatusCode::BAD_REQUEST, "InvalidAuthorizationHeader", "Authorization header is invalid.")
}
