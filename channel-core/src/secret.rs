//! A value that never shows.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use subtle::ConstantTimeEq;

/// A secret of the credentials: it has no `Display` and no `Serialize`, and its `Debug` shows nothing.
///
/// In the credentials a secret stands as it is, or as a reference: `file:/run/secrets/token` reads a file (a line
/// break at its end does not count), `env:SLACK_TOKEN` an environment variable.
///
/// # Examples
///
/// ```
/// use channel_core::Secret;
///
/// let secret = Secret::new("s3cret");
/// assert!(secret.matches("s3cret"));
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// ```
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into().into_boxed_str())
    }

    /// The value, to be handed to what needs it and to nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is the same secret, compared in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, candidate: impl AsRef<[u8]>) -> bool {
        self.0.as_bytes().ct_eq(candidate.as_ref()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let value = resolve(written).map_err(de::Error::custom)?;
        if value.is_empty() {
            return Err(de::Error::custom("the secret is empty; a check against it would let everybody in"));
        }
        Ok(Self::new(value))
    }
}

/// Follows a `file:` or `env:` reference. No message repeats what was written, which might be a secret after all.
fn resolve(written: String) -> Result<String, String> {
    if let Some(path) = written.strip_prefix("file:") {
        let mut text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file as `file:` refers to".to_owned(),
            kind => format!("the file that `file:` refers to can't be read ({kind})"),
        })?;
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
        Ok(text)
    } else if let Some(name) = written.strip_prefix("env:") {
        std::env::var(name)
            .map_err(|_| "the environment variable that `env:` refers to is not set, or not UTF-8".to_owned())
    } else {
        Ok(written)
    }
}
