//! How Telegram shows that an update is its own, <https://core.telegram.org/bots/api#setwebhook>.

use aws_lc_rs::hmac;
use channel_core::{Secret, VerifyError, WebhookRequest};

const HEADER: &str = "x-telegram-bot-api-secret-token";

/// The longest secret, in characters.
const LONGEST: usize = 256;

/// What every delivery has to carry.
pub(super) struct SecretToken(Option<Secret>);

impl SecretToken {
    /// One that nothing carries: whatever comes is refused.
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// One that is given.
    pub(super) fn given(secret: Secret) -> Result<Self, String> {
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let text = secret.expose();
        if text.len() > LONGEST || !text.bytes().all(is_valid) {
            return Err("`secret_token` is wrong: Telegram takes 1 to 256 of `A-Z a-z 0-9 _ -`".to_owned());
        }
        Ok(Self(Some(secret)))
    }

    /// One that nobody can name who does not know the bot's token.
    pub(super) fn derived_from(access_token: &Secret) -> Self {
        Self(Some(Secret::new(fingerprint(access_token, "secret_token"))))
    }

    /// What `setWebhook` is told.
    pub(super) fn secret(&self) -> Option<&Secret> {
        self.0.as_ref()
    }

    /// Whether Telegram sent the request.
    pub(super) fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        let secret = self.0.as_ref().ok_or(VerifyError::new(
            "there is neither a `webhook_url` nor a `secret_token`: updates are asked for, none is to be delivered",
        ))?;
        let shown = request.header(HEADER).ok_or(VerifyError::new("no `X-Telegram-Bot-Api-Secret-Token`"))?;
        if secret.matches(shown) {
            return Ok(());
        }
        Err(VerifyError::new(
            "`X-Telegram-Bot-Api-Secret-Token` is wrong: check that no other program sets the bot's webhook",
        ))
    }
}

/// A text of 64 hexadecimal digits that stands for `what`, and that nobody can make who does not know the bot's token.
pub(super) fn fingerprint(access_token: &Secret, what: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, access_token.expose().as_bytes());
    let tag = hmac::sign(&key, what.as_bytes());
    tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
