//! One request.

use std::{
    io::Write,
    time::{Duration, SystemTime},
};

use channel_core::Secret;
use flate2::{Compression, write::ZlibEncoder};
use reqwest::{
    Client, Method, RequestBuilder, Response, Url,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
};

use crate::{
    EndpointError, Lines, MAX_REPLY, Reply, client,
    endpoint::Inner,
    reply::{self, Read},
};

/// A request to an endpoint, not sent yet.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<'a> {
    endpoint: &'a Inner,
    url: Url,
    headers: Vec<(&'a str, &'a str)>,
    /// `None`: it is a GET.
    body: Option<serde_json::Result<Vec<u8>>>,
    deflated: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(endpoint: &'a Inner, path: &str, body: Option<serde_json::Result<Vec<u8>>>) -> Self {
        let mut url = endpoint.url.clone();
        if !path.is_empty() {
            // An http address always has a path.
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.pop_if_empty().extend(path.split('/').filter(|segment| !segment.is_empty()));
            }
        }
        Self { endpoint, url, headers: Vec::new(), body, deflated: false }
    }

    /// Adds a header to those of the endpoint.
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Compresses the body, where there is one, as `Content-Encoding: deflate` (zlib).
    pub fn deflated(mut self) -> Self {
        self.deflated = true;
        self
    }

    /// Sends the request and reads the reply, which has to have a 2xx status and at most [`MAX_REPLY`] bytes.
    ///
    /// # Errors
    ///
    /// See [`EndpointError`]. Nothing is tried again.
    pub async fn send(self) -> Result<Reply, EndpointError> {
        let Inner { shown, timeout, .. } = self.endpoint;
        let mut response = self.begin().await?;
        let content_type = reply::content_type(&response);
        let (body, end) = reply::read(&mut response).await;
        match end {
            Read::Whole => Ok(Reply { url: shown.clone(), content_type, body }),
            Read::TooLarge => Err(EndpointError::TooLarge { url: shown.clone(), limit: MAX_REPLY }),
            Read::Lost(error) => Err(EndpointError::of_transport(shown, *timeout, error)),
        }
    }

    /// Sends the request and leaves the reply to be read line by line, while it comes.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), as far as the reply's head shows them.
    pub async fn lines(self) -> Result<Lines, EndpointError> {
        let Inner { shown, timeout, .. } = self.endpoint;
        Ok(Lines::new(shown.clone(), *timeout, self.begin().await?))
    }

    /// Sends the request; the head of the reply has a status of success.
    async fn begin(self) -> Result<Response, EndpointError> {
        let Inner { shown, timeout, secrets, .. } = self.endpoint;
        let sent = self.request()?.send().await;
        let mut response = sent.map_err(|error| EndpointError::of_transport(shown, *timeout, error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (body, _) = reply::read(&mut response).await;
        Err(EndpointError::Status {
            url: shown.clone(),
            status: response.status().as_u16(),
            retry_after: retry_after(&response),
            excerpt: secrets.excerpt(&body),
            body,
        })
    }

    fn request(self) -> Result<RequestBuilder, EndpointError> {
        let unsendable = |source| EndpointError::Unsendable { url: self.endpoint.shown.clone(), source };
        let body = self.body.transpose().map_err(|error| unsendable(error.into()))?;
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let mut request = client(self.endpoint)?.request(method, self.url).timeout(self.endpoint.timeout);
        let mut headers = HeaderMap::new();
        if let Some(mut body) = body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            if self.deflated {
                body = deflate(&body).map_err(|error| unsendable(error.into()))?;
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("deflate"));
            }
            request = request.body(body);
        }
        headers.extend(self.endpoint.headers.clone());
        if let Some(auth) = &self.endpoint.basic_auth {
            request = request.basic_auth(&auth.username, auth.password.as_ref().map(Secret::expose));
        }
        request = request.headers(headers);
        Ok(self.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value)))
    }
}

fn client(endpoint: &Inner) -> Result<Client, EndpointError> {
    match &endpoint.client {
        Some(client) => Ok(client.clone()),
        None => client::system()
            .map_err(|error| EndpointError::Unsendable { url: endpoint.shown.clone(), source: error.into() }),
    }
}

fn deflate(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

/// A number of seconds, or a date.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(SystemTime::now()).unwrap_or_default())
}
