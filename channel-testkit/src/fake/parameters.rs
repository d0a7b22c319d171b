//! Parameters of calls, whichever way they come.

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use serde_json::{Map, Value, json};

/// Why parameters can't be read.
pub(crate) struct Unreadable;

/// The parameters of a call: of the query, then of a body that is JSON, a form, or `multipart/form-data`. A file that is
/// uploaded is an object with its `filename` and how many `bytes` it has; its content goes to `keep`.
pub(crate) async fn read_parameters(
    request: Request,
    mut keep: impl FnMut(&str, Bytes) -> Value,
) -> Result<Map<String, Value>, Unreadable> {
    let mut parameters = form(request.uri().query().unwrap_or_default().as_bytes());
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind == "multipart/form-data" {
        let form = Multipart::from_request(request, &()).await.map_err(|_| Unreadable)?;
        parameters.extend(multipart(form, &mut keep).await?);
        return Ok(parameters);
    }
    let body = Bytes::from_request(request, &()).await.map_err(|_| Unreadable)?;
    match kind.as_str() {
        _ if body.is_empty() => {}
        "application/json" => match serde_json::from_slice(&body) {
            Ok(Value::Object(body)) => parameters.extend(body),
            _ => return Err(Unreadable),
        },
        _ => parameters.extend(form(&body)),
    }
    Ok(parameters)
}

fn form(text: &[u8]) -> Map<String, Value> {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect()
}

async fn multipart(
    mut form: Multipart,
    keep: &mut impl FnMut(&str, Bytes) -> Value,
) -> Result<Map<String, Value>, Unreadable> {
    let mut parameters = Map::new();
    while let Some(field) = form.next_field().await.map_err(|_| Unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let content = field.bytes().await.map_err(|_| Unreadable)?;
        let value = match filename {
            Some(filename) => keep(&filename, content),
            None => json!(String::from_utf8_lossy(&content)),
        };
        parameters.insert(name, value);
    }
    Ok(parameters)
}
