//! The `myio` example's connector, as the macros generate it.

use std::sync::Arc;

use axum::Router;
use channel_core::{
    Arrival, BotMessage, BoxFuture, ChannelState, CollectedMessage, InputChannel, Intake, Json, Metadata,
    OnNewMessage, TurnError, UserMessage, channel, webhook,
};
use serde::Deserialize;

/// The `myio` example's connector.
#[channel(name = "myio", key = "myio")]
pub struct MyIo {
    username: String,
    another_parameter: Option<String>,
}

#[derive(Deserialize)]
struct Incoming {
    sender: String,
    #[serde(alias = "text")]
    message: String,
    metadata: Option<Metadata>,
}

impl MyIo {
    /// The connector with the example's settings.
    pub fn example() -> Self {
        Self { username: "user_name".to_owned(), another_parameter: Some("some value".to_owned()) }
    }

    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        tracing::debug!(self.username, self.another_parameter, "received");
        let collector = on_new_message.collector();
        let message = UserMessage::new(body.message, body.sender).with_metadata(body.metadata);
        on_new_message.handle(message, collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}

/// The connector's router, answered by [`AtOnce`].
pub fn router() -> Router {
    let channel: Arc<dyn InputChannel> = Arc::new(MyIo::example());
    Arc::clone(&channel).router().with_state(ChannelState::new(channel, None, false, Arc::new(AtOnce)))
}

/// Answers each message at once: no lanes, no tracker, no turn.
pub struct AtOnce;

impl Intake for AtOnce {
    fn handle(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        Box::pin(async move {
            let reply = BotMessage::text(format!("You said: {}", arrival.message.text));
            let sent = arrival.output.send(&arrival.message.reply_to(), &reply).await;
            sent.map(drop).map_err(|error| TurnError::Failed(error.into()))
        })
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        self.handle(arrival)
    }
}
