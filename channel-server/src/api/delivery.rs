//! Where the replies of a request go.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use channel_core::{
    ChannelState, CollectedMessage, CollectingOutputChannel, OutputChannel, Recipient, Tracker,
};
use channel_engine::{Conversation, Replies, Sends, Settled};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Api, Failure,
    conversations::answers_to,
    params::{Out, given},
};

/// The name under which replies are collected that no channel is named for.
const COLLECTOR: &str = "collector";

/// A platform that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the replies of a request go. The caller gets them in any case.
pub(super) struct Delivery {
    collector: Arc<CollectingOutputChannel>,
    channel: Option<ChannelState>,
}

/// How replies reached whom they are for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Delivered {
    /// They did not: they are in this answer alone.
    Returned,
    /// The channel's platform took them.
    Sent,
    /// They are kept, and on their way: the channel's platform is slow, or has to be asked again.
    Queued,
}

impl Api {
    /// Where replies go: out through the channel asked for, or back.
    ///
    /// # Errors
    ///
    /// No channel has the name asked for, or several have.
    pub(super) fn delivery(
        &self,
        out: &Out,
        conversation: &Conversation,
        tracker: Option<&Tracker>,
    ) -> Result<Delivery, Failure> {
        let channel = match given(out.output_channel.as_deref()) {
            None | Some(COLLECTOR) => None,
            // Whatever was said before: a channel that is not mounted any more can't be sent through.
            Some("latest") => tracker
                .and_then(Tracker::latest_input_channel)
                .and_then(|latest| self.channel(latest, conversation).ok()),
            Some(name) => Some(self.channel(name, conversation)?),
        };
        Ok(channel.map_or_else(Delivery::collected, |channel| Delivery::through(channel, conversation)))
    }

    fn channel(&self, name: &str, conversation: &Conversation) -> Result<&ChannelState, Failure> {
        let found: Vec<_> = self.channels.iter().filter(|channel| answers_to(channel, name)).collect();
        let own = found.iter().find(|channel| *channel.address() == conversation.channel);
        match (own, &*found) {
            (Some(channel), _) | (None, [channel]) => Ok(channel),
            (None, []) => Err(no_channel(format!(
                "there is no channel `{name}`; choose one of {}, `latest`, `{COLLECTOR}`",
                self.addresses()
            ))),
            (None, _) => Err(no_channel(format!(
                "the channel `{name}` has several instances; choose one of {}",
                self.addresses()
            ))),
        }
    }
}

fn no_channel(message: String) -> Failure {
    Failure::parameter("output_channel", "query", message)
}

impl Delivery {
    /// Replies are returned.
    pub(super) fn collected() -> Self {
        Self { collector: Arc::new(CollectingOutputChannel::new(COLLECTOR)), channel: None }
    }

    fn through(channel: &ChannelState, conversation: &Conversation) -> Self {
        let output = channel.channel().output_channel(&Recipient::new(&*conversation.sender_id));
        let name = output.as_ref().map_or(channel.channel().name(), |output| output.name());
        let collector = Arc::new(CollectingOutputChannel::new(name));
        Self { collector, channel: output.is_some().then(|| channel.clone()) }
    }

    pub(super) fn replies(&self) -> Replies {
        match &self.channel {
            Some(channel) => Replies::Through(channel.clone()),
            None => Replies::To(Arc::clone(&self.collector) as Arc<dyn OutputChannel>),
        }
    }

    /// What was said, and how it reached whom it is for.
    ///
    /// # Errors
    ///
    /// The platform refused a reply for good.
    pub(super) async fn outcome(
        &self,
        conversation: &Conversation,
        sends: &mut Sends,
    ) -> Result<(Vec<CollectedMessage>, Delivered), Failure> {
        let Some(channel) = &self.channel else {
            return Ok((self.collector.take_messages(), Delivered::Returned));
        };
        let to = Recipient::new(&*conversation.sender_id);
        for reply in sends.replies() {
            // A collector takes everything.
            let _ = self.collector.send(&to, &reply).await;
        }
        let delivered = match sends.settled(PATIENCE).await {
            Settled::Sent => Delivered::Sent,
            Settled::Queued => Delivered::Queued,
            Settled::Failed(_) => return Err(not_sent(channel.channel().name())),
        };
        Ok((self.collector.take_messages(), delivered))
    }
}

fn not_sent(name: &str) -> Failure {
    let message = format!(
        "the channel `{name}` could not send a reply, which is a dead letter now; the conversation has kept it, and the server's log says why"
    );
    Failure::new(StatusCode::BAD_GATEWAY, "SendError", message).with_details(json!({ "channel": name }))
}
