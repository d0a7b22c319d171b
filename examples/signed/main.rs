//! `#[verify]`: a platform signs its requests, as most do, and nothing else is let in.
//!
//! ```text
//! cargo run --example signed
//! curl --json '{"user": "ada", "text": "Hi!"}' --header 'X-Signature: 5af3ecb12c9f6c9ee4f58457920eb50934e9255674d13fe88701577003ebd5b2' http://localhost:5005/webhooks/signed/webhook
//! ```
//!
//! The signature is the HMAC-SHA256 of the body under `signing_secret`, in hexadecimal digits:
//! `printf %s '{"user": "ada", "text": "Hi!"}' | openssl dgst -sha256 -hmac 'not a secret'`.

use aws_lc_rs::hmac;
use channel_core::{
    CollectedMessage, Json, OnNewMessage, Secret, TurnError, UserMessage, VerifyError, WebhookRequest,
    channel, verify, webhook,
};
use serde::Deserialize;

/// Its requests are signed with the secret.
#[channel(name = "signed")]
pub struct Signed {
    signing_secret: Secret,
}

#[derive(Deserialize)]
struct Incoming {
    user: String,
    text: String,
}

impl Signed {
    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        let signature = request.header("x-signature").ok_or(VerifyError::new("no `X-Signature`"))?;
        let signature = unhex(signature).ok_or(VerifyError::new("`X-Signature` is not hexadecimal"))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.signing_secret.expose().as_bytes());
        hmac::verify(&key, request.body(), &signature).map_err(|_| VerifyError::new("the signature is wrong"))
    }

    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new(body.text, body.user), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok().filter(|_| pair.len() == 2))
        .collect()
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new()
        .credentials(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/signed/credentials.yml"))
        .run()
}
