//! People in Slack.

use std::{io, sync::Arc};

use channel_core::{BoxError, async_trait};
use channel_engine::Conversation;
use channel_testkit::{
    Call, Delivery, Fault,
    slack::{self, Channel, User},
};

use super::{
    fake::{Chat, Fake},
    front::{Front, pauses},
};
use crate::arguments::Drive;

/// What shows something.
const METHOD: &str = "chat.postMessage";

/// The channel in which the bot hears all: a mention there is delivered as two events.
const LISTENED_TO: &str = "general";

pub(super) struct Slack(Arc<slack::Fake>);

/// Direct messages, or a channel in which somebody mentions the bot.
struct SlackChat {
    fake: Arc<slack::Fake>,
    user: User,
    channel: Channel,
    mention: &'static str,
}

impl Slack {
    pub(super) async fn start(drive: &Drive, front: &Front) -> io::Result<Self> {
        let builder = slack::Fake::builder().redelivery(pauses()).patience(drive.patience);
        let fake = builder.token("xoxb-crash").signing_secret("crash").start().await?;
        fake.deliver_to(front.url("slack"));
        Ok(Self(Arc::new(fake)))
    }
}

#[async_trait]
impl Fake for Slack {
    fn credentials(&self, _: &Front) -> String {
        let (url, listened_to) = (self.0.api_url(), self.0.channel(LISTENED_TO).id);
        format!(
            "slack: {{ slack_token: xoxb-crash, slack_signing_secret: crash, api_url: '{url}', slack_channel: {listened_to} }}\n"
        )
    }

    async fn ready(&self) -> Result<(), BoxError> {
        Ok(())
    }

    fn chat(&self, number: u32) -> Box<dyn Chat> {
        let user = self.0.user(&format!("user{number}"));
        let (channel, mention) = match number {
            0 => (self.0.channel(LISTENED_TO), "@bot "),
            _ if number.is_multiple_of(3) => (self.0.channel(&format!("channel{number}")), "@bot "),
            _ => (self.0.direct_message(&user), ""),
        };
        Box::new(SlackChat { fake: Arc::clone(&self.0), user, channel, mention })
    }

    fn calls(&self) -> Vec<Call> {
        self.0.calls()
    }

    fn shown(&self, call: &Call) -> Option<(String, String)> {
        let word = |pointer| Some(call.answer.pointer(pointer)?.as_str()?.to_owned());
        Some((word("/channel")?, word("/message/text")?)).filter(|_| call.method == METHOD)
    }
}

#[async_trait]
impl Chat for SlackChat {
    fn conversation(&self) -> Conversation {
        Conversation::new("slack", self.user.id.as_str())
    }

    fn id(&self) -> String {
        self.channel.id.clone()
    }

    async fn say(&self, text: &str) -> Delivery {
        self.fake.say(&self.user, &self.channel, &format!("{}{text}", self.mention)).await
    }

    async fn count(&self, argument: &str) -> Delivery {
        self.fake.command(&self.user, &self.channel, "/count", argument).await
    }

    async fn press(&self, title: &str) -> Result<Delivery, BoxError> {
        Ok(self.fake.press(&self.user, &self.channel, title).await?)
    }

    async fn next_reply(&self) -> Result<String, BoxError> {
        Ok(self.fake.next_reply(&self.channel).await?.text)
    }

    fn duplicate_next(&self) {
        self.fake.duplicate_next(2);
    }

    fn fail_next(&self, fault: Fault) {
        self.fake.fail_next_of(METHOD, fault);
    }
}
