//! A channel under its route: what guards it, and what answers where it has no route.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Extension, Router,
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use channel_core::{ChannelState, InputChannel, Problem, Secret};

/// A channel under its route.
pub(crate) struct Mounted {
    pub(crate) state: ChannelState,
    /// The route without a slash at its end: `/webhooks/myio`, `/webhooks/slack/acme`.
    pub(crate) base: String,
    pub(crate) verification: Verification,
    pub(crate) router: Router,
}

/// What keeps strangers from writing to the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verification {
    /// The channel checks each request itself.
    Channel,
    /// Callers show the `bearer_token` of the credentials.
    Bearer,
    /// Both.
    ChannelAndBearer,
    /// The credentials say `insecure: true`.
    SwitchedOff,
    /// Nothing.
    None,
}

impl Verification {
    pub(crate) fn of(verifies: bool, bearer: bool, insecure: bool) -> Self {
        match (verifies && !insecure, bearer) {
            (true, true) => Self::ChannelAndBearer,
            (true, false) => Self::Channel,
            (false, true) => Self::Bearer,
            (false, false) if insecure => Self::SwitchedOff,
            (false, false) => Self::None,
        }
    }

    /// How it is shown.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Channel => "#[verify]",
            Self::Bearer => "bearer token",
            Self::ChannelAndBearer => "#[verify] and bearer token",
            Self::SwitchedOff => "none (insecure: true)",
            Self::None => "none",
        }
    }

    /// Whether anyone who reaches the URL can write to the bot.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::SwitchedOff | Self::None)
    }
}

/// The route of a channel.
pub(crate) fn base_of(prefix: &str, instance: Option<&str>) -> String {
    match instance {
        Some(instance) => format!("/webhooks/{prefix}/{instance}"),
        None => format!("/webhooks/{prefix}"),
    }
}

/// A channel that was made by hand may say anything.
fn check_prefix(channel: &dyn InputChannel) -> Result<(), String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(is_allowed);
    if channel.prefix().split('/').all(is_part) {
        return Ok(());
    }
    let (prefix, name) = (channel.prefix(), channel.name());
    Err(format!(
        "the prefix `{prefix}` of the channel `{name}` can't be a part of a URL: use letters, digits, `_`, `-` and `.`, parts separated by single slashes"
    ))
}

/// Puts a channel under its route.
///
/// # Errors
///
/// The prefix is no part of a URL; the channel's routes contradict each other, as two handlers for one method and path do.
pub(crate) fn mount(state: ChannelState, bearer_token: Option<Secret>) -> Result<Mounted, String> {
    let channel = state.channel();
    check_prefix(&**channel)?;
    let base = base_of(channel.prefix(), state.instance());
    let verification = Verification::of(channel.verifies(), bearer_token.is_some(), state.insecure());
    let build = || guarded(Arc::clone(channel).router(), &state, bearer_token);
    let router = std::panic::catch_unwind(AssertUnwindSafe(build)).map_err(|panic| {
        let cause =
            panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        format!(
            "the routes of channel `{}` can't be built: {}",
            channel.name(),
            cause.unwrap_or("its `router` panicked")
        )
    })?;
    Ok(Mounted { state, base, verification, router })
}

fn guarded(router: Router<ChannelState>, state: &ChannelState, bearer_token: Option<Secret>) -> Router {
    let mut router = router.method_not_allowed_fallback(method_not_allowed);
    if state.insecure() {
        router = router.layer(Extension(state.clone()));
    }
    if let Some(token) = bearer_token {
        router = router.layer(from_fn(move |request, next| check_bearer(token.clone(), request, next)));
    }
    router.with_state(state.clone())
}

/// Lets through who shows the token; health is open to everybody, since load balancers have no token.
async fn check_bearer(token: Secret, request: Request, next: Next) -> Response {
    let is_health = request.uri().path() == "/" && matches!(*request.method(), Method::GET | Method::HEAD);
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()));
    if is_health || shown.is_some_and(|shown| token.matches(shown)) {
        return next.run(request).await;
    }
    let message = "this channel wants its bearer token: `Authorization: Bearer …`";
    Problem::new(StatusCode::UNAUTHORIZED, message).into_response()
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token.trim_ascii())
}

async fn method_not_allowed(method: Method) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("this route does not answer {method}"))
}
