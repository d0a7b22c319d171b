//! Weather stations report here. A channel's crate depends on `channel-core` alone.

use channel_core::{CollectedMessage, Json, OnNewMessage, TurnError, UserMessage, channel, webhook};
use serde::Deserialize;

/// Where weather stations report.
#[channel(name = "weather")]
pub struct Weather;

#[derive(Deserialize)]
struct Report {
    station: String,
    report: String,
}

impl Weather {
    #[webhook]
    async fn receive(
        &self,
        Json(body): Json<Report>,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
        let collector = on_new_message.collector();
        on_new_message.handle(UserMessage::new(body.report, body.station), collector.clone()).await?;
        Ok(Json(collector.take_messages()))
    }
}
