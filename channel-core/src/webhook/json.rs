//! JSON in and out, with refusals that say what to mend.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{Problem, read::whole, read_body, read_json};

/// JSON in and out: like axum's `Json`, but what it refuses it refuses with a [`Problem`] that names the field.
///
/// A body without a media type is taken to be JSON; one with another media type is a 415.
///
/// # Examples
///
/// ```
/// use channel_core::Json;
///
/// #[derive(serde::Deserialize)]
/// struct Incoming { sender: String }
///
/// async fn receive(Json(body): Json<Incoming>) -> Json<String> {
///     Json(body.sender)
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> Json<T> {
    /// Reads a body that is already there, as [`read_json`] does.
    ///
    /// # Errors
    ///
    /// The body is empty, not JSON, or not of this shape.
    pub fn from_bytes(body: &[u8]) -> Result<Self, Problem> {
        read_json(body).map(Self).map_err(|error| explain::<T>(body, &error))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    /// No `async fn`: its future would keep the whole request.
    fn from_request(request: Request, _state: &S) -> impl Future<Output = Result<Self, Problem>> + Send {
        let media_type = check_media_type(request.headers());
        let body = read_body(request.into_body());
        async move {
            media_type?;
            Self::from_bytes(&body.await?)
        }
    }
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(written) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = written.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let ends_in_json =
        || essence.rsplit_once('+').is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("json"));
    if essence.eq_ignore_ascii_case("application/json") || ends_in_json() {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "the body has to be JSON: send it with the header `Content-Type: application/json`",
    )
    .with_field("Content-Type"))
}

/// Reads the body once more, to find out which field is at fault: only a refused request pays for that.
fn explain<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> Problem {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Problem::bad_request("the body is empty; send a JSON object");
    }
    if error.is_syntax() || error.is_eof() {
        return Problem::bad_request(format!("the body is not JSON: {error}"));
    }
    let mended = whole(body);
    let mut deserializer = serde_json::Deserializer::from_slice(mended.as_deref().unwrap_or(body));
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => of_field(&error.path().to_string(), &error.into_inner().to_string()),
        Ok(_) => Problem::bad_request(error.to_string()),
    }
}

fn of_field(path: &str, reason: &str) -> Problem {
    // A missing field is an error of the object around it; the name stands in serde's text alone.
    let missing = reason.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let field = match (path, missing) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        (".", None) => return Problem::bad_request(format!("the body has the wrong shape: {reason}")),
        (path, None) => path.to_owned(),
    };
    match missing {
        Some(_) => Problem::bad_request(format!("`{field}` is missing")).with_field(field),
        None => Problem::bad_request(format!("`{field}`: {reason}")).with_field(field),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(json) => {
                let mut response = Response::new(Body::from(json));
                let json_type = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json_type);
                response
            }
            Err(_) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the answer can't be written as JSON")
                .into_response(),
        }
    }
}
