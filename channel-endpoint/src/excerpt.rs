//! What an endpoint said, short, and without what we told it in confidence.

use reqwest::Url;

use crate::EndpointConfig;

/// As much as is read to make an excerpt.
const READ: usize = 4096;

/// The length of an excerpt in characters.
const SHOWN: usize = 200;

/// Shorter words in headers and parameters, such as `v1` or `json`, are no secrets.
const SHORTEST: usize = 6;

/// What an endpoint knows and may repeat, the longest first.
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub(crate) fn of(config: &EndpointConfig, url: &Url) -> Self {
        let password = config.basic_auth.as_ref().and_then(|auth| auth.password.as_ref());
        let certain = config.token.iter().chain(&config.path_secret).chain(&config.proxy).chain(password);
        let certain = certain.map(|secret| secret.expose().to_owned());
        let in_url = url.password().map(str::to_owned);
        let in_query = url.query_pairs().map(|(_, value)| value.into_owned());
        let written = config.headers.values().chain(config.params.values()).cloned().chain(in_query);
        let words = written.flat_map(|value| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let possible = words.filter(|word| word.len() >= SHORTEST);
        let mut secrets: Vec<_> =
            certain.chain(in_url).chain(possible).filter(|secret| !secret.is_empty()).collect();
        // A part of a longer one must not be taken out before it.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// The beginning of a body on one line of at most 200 characters.
    pub(crate) fn excerpt(&self, body: &[u8]) -> String {
        let read = String::from_utf8_lossy(&body[..body.len().min(READ)]);
        let clean = self.0.iter().fold(read.into_owned(), |text, secret| text.replace(secret, "…"));
        let escaped: String = clean.trim().chars().map(escape).collect();
        let mut chars = escaped.chars();
        let mut excerpt: String = chars.by_ref().take(SHOWN - 1).collect();
        if chars.next().is_some() {
            excerpt.push('…');
        }
        excerpt
    }
}

/// A character that can stand in a line of text: no terminal obeys it.
fn escape(c: char) -> String {
    match c {
        '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    }
}
