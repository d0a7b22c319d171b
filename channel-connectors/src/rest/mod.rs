//! `rest`: a message by HTTP, and the replies in the answer.

mod stream;

use std::sync::Arc;

use channel_core::{
    CollectingOutputChannel, Json, OnNewMessage, Problem, TurnError,
    axum::{
        extract::Query,
        http::HeaderMap,
        response::{IntoResponse, Response},
    },
    channel, webhook,
};

use crate::incoming::Incoming;

const NO_SENDER: &str = "Send one, or set `default_sender` for `rest` in the credentials";

/// The `rest` channel: whoever posts a message gets the replies in the answer.
///
/// ```text
/// curl --json '{"sender": "test_user", "message": "Hi there!"}' http://localhost:5005/webhooks/rest/webhook
/// ```
///
/// `message_id`, or the header `Idempotency-Key`, is the sender's id of the message: sent again with the same id, as after a
/// lost connection, it is answered with the same replies and not a second time.
///
/// `sender` names the conversation. `text` may stand for `message`; `metadata` is an object for custom actions to read;
/// `input_channel` is the name to record instead of `rest`. With `?stream=true` each reply is a line of JSON, sent as
/// soon as it is there.
///
/// Nothing tells whether a caller is who `sender` says. Set `bearer_token` for the channel where that matters.
#[channel(name = "rest", key = "rest")]
pub struct Rest {
    /// Who a message without `sender` is from; without this, such a message is refused.
    default_sender: Option<String>,
}

impl Rest {
    #[webhook]
    async fn receive(
        &self,
        Query(query): Query<Vec<(String, String)>>,
        headers: HeaderMap,
        Json(message): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Response, Problem> {
        let message = message.into_user_message(&headers, self.default_sender.as_deref(), NO_SENDER)?;
        let streamed = query.iter().find(|(key, _)| key == "stream");
        if streamed.is_some_and(|(_, value)| value.eq_ignore_ascii_case("true")) {
            return stream::answer(on_new_message, message).await.map_err(TurnError::into);
        }
        let collector = Arc::new(CollectingOutputChannel::new("rest").without_tracker_state());
        on_new_message.handle(message, collector.clone()).await?;
        Ok(Json(collector.take_messages()).into_response())
    }
}
