//! One message on its way to the address.

use channel_core::{CollectedMessage, SendError, async_trait, unique_id};
use channel_endpoint::{Endpoint, retried};

use crate::relay::Sink;

/// Tells a second try from a second message (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Posts messages to the address.
pub(super) struct Deliver {
    endpoint: Endpoint,
}

impl Deliver {
    pub(super) fn to(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

#[async_trait]
impl Sink for Deliver {
    async fn take(&self, message: CollectedMessage) -> Result<(), SendError> {
        let key = unique_id();
        let post = || self.endpoint.post("", &message).header(IDEMPOTENCY_KEY, &key).send();
        match retried(post, |_| true).await {
            Ok(_) => Ok(()),
            Err(error) => Err(error.into_send_error("the callback was not taken")),
        }
    }
}
