//! A bot in a workspace, and calls without a bot.

use channel_core::{Agent, UserMessage};
use channel_server::{RunningServer, Server};
use channel_testkit::slack::{Channel, Fake, User};
use reqwest::Client;
use serde_json::{Value, json};

pub(super) const TOKEN: &str = "xoxb-s3cr3t";
pub(super) const SECRET: &str = "s3cr3t-signing";

/// A workspace, the bot in it, and Ada's direct messages with it.
pub(super) struct Office {
    pub(super) slack: Fake,
    pub(super) ada: User,
    pub(super) dm: Channel,
    _bot: Option<RunningServer>,
}

pub(super) async fn fake() -> Fake {
    Fake::builder().token(TOKEN).signing_secret(SECRET).redelivery([]).start().await.unwrap()
}

impl Office {
    /// With a bot that answers so, its channel with these keys besides.
    pub(super) async fn with(more: Value, agent: impl Agent) -> Self {
        Self::around(fake().await, more, agent).await
    }

    pub(super) async fn around(slack: Fake, more: Value, agent: impl Agent) -> Self {
        let mut keys = json!({
            "slack_token": TOKEN,
            "slack_signing_secret": SECRET,
            "api_url": slack.api_url(),
        });
        keys.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let credentials = json!({ "slack": keys }).to_string();
        let bot = Server::builder().credentials_text(credentials).agent(agent).address("127.0.0.1", 0);
        let bot = bot.build().unwrap().start().await.unwrap();
        slack.deliver_to(bot.url("/webhooks/slack/webhook"));
        Self { _bot: Some(bot), ..Self::empty(slack) }
    }

    /// Without a bot.
    pub(super) fn empty(slack: Fake) -> Self {
        let ada = slack.user("ada");
        let dm = slack.direct_message(&ada);
        Self { slack, ada, dm, _bot: None }
    }

    pub(super) async fn alone() -> Self {
        Self::empty(fake().await)
    }

    /// Calls the Web API with the bot's token.
    pub(super) async fn call(&self, method: &str, body: Value) -> Value {
        let answer = post(&format!("{}/{method}", self.slack.api_url()), TOKEN, &body).await;
        assert_eq!(answer.0, 200, "{}", answer.1);
        answer.1
    }
}

pub(super) async fn post(url: &str, token: &str, body: &Value) -> (u16, Value) {
    let request = Client::new().post(url).header("authorization", format!("Bearer {token}"));
    let request = request.header("content-type", "application/json; charset=utf-8");
    let answer = request.body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

/// Says what it hears.
pub(super) fn echo() -> impl Agent {
    |message: UserMessage| async move { message.text }
}
