//! What an endpoint answers.

use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;

use crate::EndpointError;

/// The longest reply that is read, in bytes: 10 MiB.
pub const MAX_REPLY: usize = 10 * 1024 * 1024;

/// What an endpoint answered, with a status of success.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, whatever its `Content-Type`; an empty one is `null`.
    ///
    /// # Errors
    ///
    /// [`EndpointError::NotJson`].
    pub fn json(&self) -> Result<Value, EndpointError> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        channel_core::read_json(&self.body).map_err(|source| EndpointError::NotJson {
            url: self.url.clone(),
            content_type: self.content_type.clone(),
            source,
        })
    }
}

/// Debug shows no conversation.
impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("url", &self.url)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How reading a body ended.
pub(crate) enum Read {
    Whole,
    TooLarge,
    Lost(reqwest::Error),
}

/// Reads a body as it comes, up to the limit.
pub(crate) async fn read(response: &mut Response) -> (Vec<u8>, Read) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_REPLY => {
                body.extend_from_slice(&chunk[..MAX_REPLY - body.len()]);
                return (body, Read::TooLarge);
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body, Read::Whole),
            Err(error) => return (body, Read::Lost(error)),
        }
    }
}

pub(crate) fn content_type(response: &Response) -> Option<String> {
    let value = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.to_owned())
}
