//! People on Telegram.

use std::{io, sync::Arc};

use channel_core::{BoxError, async_trait};
use channel_engine::Conversation;
use channel_testkit::{
    Call, Delivery, Fault,
    telegram::{self, Chat as Room, User},
};

use super::{
    fake::{Chat, Fake},
    front::{Front, pauses},
};
use crate::arguments::Drive;

/// What shows something.
const METHOD: &str = "sendMessage";

pub(super) struct Telegram(Arc<telegram::Fake>);

/// A private chat.
struct TelegramChat {
    fake: Arc<telegram::Fake>,
    user: User,
    room: Room,
}

impl Telegram {
    pub(super) async fn start(drive: &Drive) -> io::Result<Self> {
        let builder = telegram::Fake::builder().redelivery(pauses()).patience(drive.patience);
        Ok(Self(Arc::new(builder.token("1:crash").start().await?)))
    }
}

#[async_trait]
impl Fake for Telegram {
    fn credentials(&self, front: &Front) -> String {
        let (api, webhook) = (self.0.api_url(), front.url("telegram"));
        format!(
            "telegram: {{ access_token: '1:crash', verify: fake_bot, api_url: '{api}', webhook_url: '{webhook}' }}\n"
        )
    }

    /// The bot says itself where it wants to be told.
    async fn ready(&self) -> Result<(), BoxError> {
        let is_set = |call: &Call| call.method == "setWebhook" && call.status == Some(200);
        Ok(self.0.wait_until(|fake| fake.calls().iter().any(is_set)).await?)
    }

    fn chat(&self, number: u32) -> Box<dyn Chat> {
        let user = self.0.user(&format!("User{number}"));
        let room = self.0.private_chat(&user);
        Box::new(TelegramChat { fake: Arc::clone(&self.0), user, room })
    }

    fn calls(&self) -> Vec<Call> {
        self.0.calls()
    }

    fn shown(&self, call: &Call) -> Option<(String, String)> {
        let result = call.answer.get("result").filter(|_| call.method == METHOD)?;
        Some((result.pointer("/chat/id")?.to_string(), result.get("text")?.as_str()?.to_owned()))
    }
}

#[async_trait]
impl Chat for TelegramChat {
    fn conversation(&self) -> Conversation {
        Conversation::new("telegram", self.id())
    }

    fn id(&self) -> String {
        self.room.id.to_string()
    }

    async fn say(&self, text: &str) -> Delivery {
        self.fake.say(&self.user, &self.room, text).await
    }

    async fn count(&self, argument: &str) -> Delivery {
        self.say(&format!("/count {argument}")).await
    }

    async fn press(&self, title: &str) -> Result<Delivery, BoxError> {
        Ok(self.fake.press(&self.user, &self.room, title).await?)
    }

    async fn next_reply(&self) -> Result<String, BoxError> {
        Ok(self.fake.next_reply(&self.room).await?.text)
    }

    fn duplicate_next(&self) {
        self.fake.duplicate_next(2);
    }

    fn fail_next(&self, fault: Fault) {
        self.fake.fail_next_of(METHOD, fault);
    }
}
