//! How Slack signs its requests, <https://docs.slack.dev/authentication/verifying-requests-from-slack>.

use std::{
    fmt::Write as _,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use channel_core::{Secret, VerifyError, WebhookRequest};

const TIMESTAMP: &str = "x-slack-request-timestamp";
pub(super) const SIGNATURE: &str = "x-slack-signature";

/// How far Slack's clock may be from ours, in seconds. What is played back within this time is a duplicate to the inbox.
const WINDOW: u64 = 300;

/// Knows the signing secret.
pub(super) struct Signature(hmac::Key);

impl Signature {
    pub(super) fn new(secret: &Secret) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes()))
    }

    /// Whether Slack signed the request, and about now.
    pub(super) fn verify(&self, request: &WebhookRequest, now: SystemTime) -> Result<(), VerifyError> {
        let timestamp =
            request.header(TIMESTAMP).ok_or(VerifyError::new("no `X-Slack-Request-Timestamp`"))?;
        let shown = request.header(SIGNATURE).ok_or(VerifyError::new("no `X-Slack-Signature`"))?;
        let at: u64 = timestamp
            .parse()
            .map_err(|_| VerifyError::new("`X-Slack-Request-Timestamp` is no number of seconds"))?;
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if now.abs_diff(at) > WINDOW {
            return Err(VerifyError::new(
                "`X-Slack-Request-Timestamp` is more than 5 minutes off: the request is old, or a clock is wrong",
            ));
        }
        let expected = self.sign(timestamp, request.body());
        verify_slices_are_equal(expected.as_bytes(), shown.as_bytes()).map_err(|_| {
            VerifyError::new("`X-Slack-Signature` is wrong: check that `slack_signing_secret` is the app's")
        })
    }

    fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [b"v0:", timestamp.as_bytes(), b":", body] {
            context.update(part);
        }
        let mut signature = String::from("v0=");
        for byte in context.sign().as_ref() {
            // Writing to a `String` can't fail.
            let _ = write!(signature, "{byte:02x}");
        }
        signature
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use channel_core::axum::http::{HeaderMap, Method, Uri};

    use super::*;

    const AT: u64 = 1_760_000_000;

    const EVENT: (&str, &str) = (
        r#"{"type":"event_callback","event_id":"Ev0TEST01"}"#,
        "v0=fef4bdb467bdc7ef221d7814c058ca1aeae8feae08c3b0c409a56c8b7ceb1144",
    );
    const FORM: (&str, &str) = (
        "payload=%7B%22type%22%3A%22block_actions%22%7D",
        "v0=4d8a7619eb3060b3f75f810c711c5d9df67d15fd9f931ab2e5224ea34eb4da7a",
    );

    fn request(headers: &[(&'static str, &str)], body: &'static str) -> WebhookRequest {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        WebhookRequest::new(Method::POST, Uri::from_static("/webhooks/slack/webhook"), headers, body)
    }

    fn verify(request: &WebhookRequest, now: u64) -> Result<(), String> {
        Signature::new(&Secret::new("s3cr3t-slack-signing"))
            .verify(request, UNIX_EPOCH + Duration::from_secs(now))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn what_slack_signed_is_believed_for_five_minutes_either_way() {
        for (body, signature) in [EVENT, FORM] {
            let request = request(&[(TIMESTAMP, "1760000000"), (SIGNATURE, signature)], body);
            for now in [AT - 300, AT, AT + 300] {
                assert_eq!(verify(&request, now), Ok(()), "{body} at {now}");
            }
            for now in [0, AT - 301, AT + 301] {
                assert!(verify(&request, now).unwrap_err().contains("5 minutes"), "{body} at {now}");
            }
        }
    }

    #[test]
    fn nothing_else_is_believed() {
        let (body, signature) = EVENT;
        let timestamp = (TIMESTAMP, "1760000000");
        let upper = signature.to_uppercase();
        for (headers, body, reason) in [
            (&[timestamp, (SIGNATURE, signature)][..], FORM.0, "is wrong"),
            (&[timestamp, (SIGNATURE, FORM.1)], body, "is wrong"),
            (&[timestamp, (SIGNATURE, &signature[..60])], body, "is wrong"),
            (&[timestamp, (SIGNATURE, &upper)], body, "is wrong"),
            (&[timestamp, (SIGNATURE, "")], body, "is wrong"),
            (&[(TIMESTAMP, "1760000001"), (SIGNATURE, signature)], body, "is wrong"),
            (&[(TIMESTAMP, "now"), (SIGNATURE, signature)], body, "no number"),
            (&[timestamp], body, "no `X-Slack-Signature`"),
            (&[(SIGNATURE, signature)], body, "no `X-Slack-Request-Timestamp`"),
        ] {
            let error = verify(&request(headers, body), AT).unwrap_err();
            assert!(error.contains(reason), "{headers:?}: {error}");
        }
    }
}
