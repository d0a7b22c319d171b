//! How Slack signs its requests, <https://docs.slack.dev/authentication/verifying-requests-from-slack>.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::fake::now;

/// What is wrong with a delivery that is not Slack's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forgery {
    /// Signed with another secret.
    WrongSecret,
    /// Signed ten minutes ago.
    Stale,
    /// Signed for ten minutes from now.
    Early,
    /// Without a signature.
    Unsigned,
    /// Without its last byte.
    CutOff,
}

/// The body and the headers of a request, signed.
pub(super) fn signed(secret: &str, mut body: String, forgery: Option<Forgery>) -> (String, HeaderMap) {
    let at = match forgery {
        Some(Forgery::Stale) => now() - 600,
        Some(Forgery::Early) => now() + 600,
        _ => now(),
    };
    let secret =
        if forgery == Some(Forgery::WrongSecret) { format!("not {secret}") } else { secret.to_owned() };
    let signature = signature(&secret, at, &body);
    let mut headers = HeaderMap::from_iter([header("x-slack-request-timestamp", &at.to_string())]);
    if forgery != Some(Forgery::Unsigned) {
        headers.extend([header("x-slack-signature", &signature)]);
    }
    if forgery == Some(Forgery::CutOff) {
        body.pop();
    }
    (body, headers)
}

pub(super) fn header(name: &'static str, value: &str) -> (HeaderName, HeaderValue) {
    // What is written here is visible ASCII.
    (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("")))
}

fn signature(secret: &str, at: u64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{at}:{body}").as_bytes());
    let mut signature = String::from("v0=");
    for byte in tag.as_ref() {
        // Writing to a `String` can't fail.
        let _ = write!(signature, "{byte:02x}");
    }
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_slacks_signature() {
        for (body, expected) in [
            (
                r#"{"type":"event_callback","event_id":"Ev0TEST01"}"#,
                "v0=fef4bdb467bdc7ef221d7814c058ca1aeae8feae08c3b0c409a56c8b7ceb1144",
            ),
            (
                "payload=%7B%22type%22%3A%22block_actions%22%7D",
                "v0=4d8a7619eb3060b3f75f810c711c5d9df67d15fd9f931ab2e5224ea34eb4da7a",
            ),
        ] {
            assert_eq!(signature("s3cr3t-slack-signing", 1_760_000_000, body), expected);
        }
    }
}
