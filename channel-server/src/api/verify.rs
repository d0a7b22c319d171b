//! The routes that come with JWTs.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    Api, Failure, Jwt,
    access::{Bearer, bearer, malformed},
    schemas,
};

/// Would make a token of a name and a password; tokens are made elsewhere, so it makes none.
#[utoipa::path(post, path = "/auth", operation_id = "issue_token", tag = "tokens", responses((status = 401, description = "Always.", body = schemas::JwtRefusal)))]
pub(super) async fn issue() -> Failure {
    let reason = "Direct JWT authentication not supported. You should already have a valid JWT from an authentication provider, Rasa will just make sure that the token is valid, but not issue new tokens.";
    Failure::of_jwt(StatusCode::UNAUTHORIZED, "AuthenticationFailed", reason)
}

/// Says whether a token is valid.
#[utoipa::path(
    get, path = "/auth/verify", operation_id = "verify_token", tag = "tokens",
    responses(
        (status = 200, description = "It is.", body = schemas::Valid),
        (status = 400, description = "The header does not begin with `Bearer `.", body = schemas::JwtRefusal),
        (status = 401, description = "It is not, or there is none.", body = schemas::JwtRefusal),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn verify(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    let token = match bearer(&headers) {
        Bearer::Token(token) => token,
        Bearer::Malformed => return malformed().into_response(),
        Bearer::None => {
            let reason = "Authorization header not present.";
            return Failure::of_jwt(StatusCode::UNAUTHORIZED, "MissingAuthorizationHeader", reason)
                .into_response();
        }
    };
    match api.access.jwt.as_ref().map(|jwt: &Jwt| jwt.claims(token)) {
        Some(Ok(_)) => Json(json!({ "valid": true })).into_response(),
        Some(Err(reason)) => Failure::of_jwt(StatusCode::UNAUTHORIZED, "InvalidToken", reason)
            .with("valid", false.into())
            .into_response(),
        None => Failure::no_conversation().into_response(),
    }
}
