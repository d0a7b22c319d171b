//! Driving a channel without sockets.

mod agent;
mod recorded;

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Request, header},
};
use channel_core::{Agent, BotMessage, FromSettings, Recipient, UserMessage};
use channel_server::{Echo, Server, StartError, credentials::Mount};
use serde_json::Value;
use tokio::time::timeout;

use self::{agent::Witness, recorded::Recorded};
use crate::{Answer, credentials, record::Record};

/// How long something is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Drives a channel without sockets: through the server's limits, its credentials and its engine, with a store in memory.
///
/// What the bot sends through the channel's `#[output]` is recorded rather than sent. What a webhook answers is in the answer.
/// `#[start]` does not run. A bot that is not given echoes.
///
/// # Examples
///
/// ```
/// use channel_core::{Json, OnNewMessage, TurnError, UserMessage, channel, webhook};
/// use channel_testkit::ChannelTester;
/// use serde_json::{Value, json};
///
/// #[channel(name = "greeter")]
/// struct MyIo {
///     greeting: String,
/// }
///
/// impl MyIo {
///     #[webhook]
///     async fn receive(&self, Json(text): Json<String>, on_new_message: OnNewMessage) -> Result<String, TurnError> {
///         let collector = on_new_message.collector();
///         on_new_message.handle(UserMessage::new(text, "ada"), collector.clone()).await?;
///         let replies = collector.take_messages().into_iter().filter_map(|reply| reply.text);
///         Ok(format!("{} {}", self.greeting, replies.collect::<String>()))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tester = ChannelTester::new::<MyIo>(json!({ "greeting": "Hello." }))?;
/// assert_eq!(tester.post(json!("Who is there?")).await.text(), "Hello. Who is there?");
/// assert_eq!(tester.turns()[0].sender_id, "ada");
/// # Ok(())
/// # }
/// ```
pub struct ChannelTester {
    server: Server,
    mounts: Vec<Mount>,
    witness: Arc<Witness>,
    replies: Arc<Record<Reply>>,
}

/// What the bot sent through a channel's `#[output]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// To whom.
    pub to: Recipient,
    /// What.
    pub message: BotMessage,
}

impl ChannelTester {
    /// A channel with these settings, as they would stand in the credentials: also with `bearer_token`, `instances`, ….
    ///
    /// # Errors
    ///
    /// The settings are wrong.
    ///
    /// # Panics
    ///
    /// The type is not registered, as by `#[channel]`.
    pub fn new<C: FromSettings>(settings: impl Into<Value>) -> Result<Self, StartError> {
        let witness = Arc::new(Witness::new(Arc::new(Echo)));
        let replies = Arc::<Record<Reply>>::default();
        let mut mounts = credentials::mounts::<C>(&settings.into())?;
        for mount in &mut mounts {
            mount.channel = Arc::new(Recorded::new(Arc::clone(&mount.channel), Arc::clone(&replies)));
        }
        let agent: Arc<dyn Agent> = witness.clone();
        let server = Server::builder().mounts(mounts.clone()).shared_agent(agent).build()?;
        Ok(Self { server, mounts, witness, replies })
    }

    /// Sets who answers.
    pub fn agent(self, agent: impl Agent) -> Self {
        self.witness.set(Arc::new(agent));
        self
    }

    /// Posts JSON to the channel's webhook, of the first instance where there are several; with the bearer token where the
    /// credentials have one.
    pub async fn post(&self, body: impl Into<Value>) -> Answer {
        self.post_to(&self.mounts[0], &body.into()).await
    }

    /// Posts JSON to the webhook of an instance.
    ///
    /// # Panics
    ///
    /// There is no such instance.
    pub async fn post_to_instance(&self, instance: &str, body: impl Into<Value>) -> Answer {
        let mount = self.mounts.iter().find(|mount| mount.instance.as_deref() == Some(instance));
        let mount = mount.unwrap_or_else(|| panic!("the credentials have no instance `{instance}`"));
        self.post_to(mount, &body.into()).await
    }

    async fn post_to(&self, mount: &Mount, body: &Value) -> Answer {
        let mut request = Request::post(format!("{}/webhook", mount.route()))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = &mount.bearer_token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.expose()));
        }
        let request = request.body(Body::from(body.to_string()));
        self.send(request.expect("a route of letters and a token that a header can hold")).await
    }

    /// Sends a request as it is; its path begins with `/webhooks/`.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.server.answer(request).await).await
    }

    /// The messages that the bot was asked to answer so far.
    pub fn turns(&self) -> Vec<UserMessage> {
        self.witness.turns()
    }

    /// The replies that the bot has sent since the last look, once nothing more is to come.
    ///
    /// # Panics
    ///
    /// Something is still at work after ten seconds.
    pub async fn replies(&self) -> Vec<Reply> {
        self.idle().await;
        self.replies.take()
    }

    /// The next reply of the bot.
    ///
    /// # Panics
    ///
    /// None came within ten seconds.
    pub async fn next_reply(&self) -> Reply {
        let next = self.replies.wait(PATIENCE, Record::take_first).await;
        next.unwrap_or_else(|| {
            panic!("no reply came within {PATIENCE:?}; the bot was asked: {:?}", said(&self.turns()))
        })
    }

    /// Waits until every message has been answered and every reply sent.
    ///
    /// # Panics
    ///
    /// Something is still at work after ten seconds.
    pub async fn idle(&self) {
        let idle = timeout(PATIENCE, self.server.engine().idle()).await;
        assert!(
            idle.is_ok(),
            "a turn or a reply is still on its way after {PATIENCE:?}; the bot was asked: {:?}",
            said(&self.turns())
        );
    }
}

fn said(turns: &[UserMessage]) -> Vec<&str> {
    turns.iter().map(|message| message.text.as_str()).collect()
}
