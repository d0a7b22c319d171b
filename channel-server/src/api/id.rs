//! The id of a conversation in a path.

use axum::{
    extract::{FromRequestParts, Path},
    http::{Uri, request::Parts, uri::PathAndQuery},
};

use super::Failure;

/// What may follow a conversation's id.
const ENDS: [&str; 7] =
    ["/tracker", "/tracker/events", "/messages", "/trigger_intent", "/execute", "/predict", "/story"];

/// The id of a conversation as a path names it.
pub(super) struct ConversationId(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for ConversationId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) if id.is_empty() => Err(Failure::no_conversation()),
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Failure::parameter(
                "conversation_id",
                "path",
                "the conversation's id is not UTF-8 once its percent-escapes are read",
            )),
        }
    }
}

/// The URI with the slashes of a conversation's id escaped, so that the id is one segment, and without a slash at its
/// end.
pub(crate) fn one_segment(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path());
    let path = match path.strip_prefix("/conversations/").and_then(split) {
        Some((id, end)) => format!("/conversations/{}{end}", id.replace('/', "%2F")),
        None => path.to_owned(),
    };
    let whole = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    PathAndQuery::try_from(whole).ok().map(Uri::from)
}

fn split(rest: &str) -> Option<(&str, &str)> {
    ENDS.into_iter().find_map(|end| Some((rest.strip_suffix(end)?, end)))
}
