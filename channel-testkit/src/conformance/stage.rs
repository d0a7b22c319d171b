//! A server with the channel, between a stand-in for the platform and a bot.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use channel_core::{Agent, OutputChannel, Recipient};
use channel_engine::{MemoryStore, Options, Store};
use channel_server::{Limits, RunningServer, Server};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    Delivery, Failure, Said, Suite,
    bot::Bot,
    platform::{Platform, Seen},
};
use crate::{Answer, record::Record};

/// How long is waited for what has to come soon.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// How long is waited for what is tried again.
pub(crate) const IN_THE_END: Duration = Duration::from_secs(20);

/// How long a connection is kept for the next delivery.
const BRIEFLY: Duration = Duration::from_secs(5);

const INSTANCES: [&str; 2] = ["one", "two"];

/// What a check may want otherwise.
pub(crate) struct Setup {
    pub(crate) limits: Limits,
    pub(crate) options: Options,
    pub(crate) store: Arc<dyn Store>,
    /// Whether there are two instances, each with its own secrets.
    pub(crate) is_doubled: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            options: Options::default(),
            store: Arc::new(MemoryStore::default()),
            is_doubled: false,
        }
    }
}

/// A server with the channel, between a stand-in for the platform and a bot.
pub(crate) struct Stage<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) platform: Arc<Platform>,
    pub(crate) bot: Arc<Bot>,
    pub(crate) server: RunningServer,
    pub(crate) settings: Value,
    pub(crate) other_settings: Value,
    output: Option<Arc<dyn OutputChannel>>,
    client: reqwest::Client,
    routes: Vec<String>,
}

/// So that no two messages of a test share an id or a sender.
static NEXT: AtomicU64 = AtomicU64::new(1_000);

impl<'a> Stage<'a> {
    pub(crate) async fn new(suite: &'a Suite) -> Result<Self, Failure> {
        Self::with(suite, Setup::default()).await
    }

    pub(crate) async fn with(suite: &'a Suite, setup: Setup) -> Result<Self, Failure> {
        let platform = Arc::new(Platform::start(suite).await?);
        Self::on(suite, platform, Arc::default(), setup).await
    }

    pub(crate) async fn on(
        suite: &'a Suite,
        platform: Arc<Platform>,
        bot: Arc<Bot>,
        setup: Setup,
    ) -> Result<Self, Failure> {
        if suite.shown.is_none() && suite.replies.is_none() {
            return Err(Failure::new(
                "a way to see the replies",
                "neither `shown` nor `replies`",
                "say `shown: |call| …` where replies are calls to the platform, `replies: |answer| …` where they are in the answer",
            ));
        }
        let settings = suite.settings(&platform.url());
        if suite.shown.is_some() && !settings.to_string().contains(&platform.url()) {
            return Err(Failure::new(
                "`credentials` that lead the channel to the stand-in for the platform",
                "none that have its base URL: the channel would call the real platform",
                "make the address of the platform's API a setting, and set it to what `credentials` is given",
            ));
        }
        let other_settings = suite.other_settings(&platform.url());
        let written = if setup.is_doubled {
            json!({ "instances": { INSTANCES[0]: settings, INSTANCES[1]: other_settings } })
        } else {
            settings.clone()
        };
        let wrong = |error: channel_server::StartError| {
            Failure::new(
                "`credentials` (and `other_credentials`) that the channel takes",
                error.to_string(),
                "mend `credentials`; where they have keys that can't be changed at will, say `other_credentials` too",
            )
        };
        let mounts = (suite.mounts)(&written).map_err(wrong)?;
        let routes = mounts.iter().map(channel_server::credentials::Mount::route).collect();
        let output = mounts[0].channel.output_channel(&Recipient::new("1000"));
        let agent: Arc<dyn Agent> = bot.clone();
        let server = Server::builder()
            .mounts(mounts)
            .shared_agent(agent)
            .limits(setup.limits)
            .engine(setup.options)
            .shared_store(setup.store)
            .address("127.0.0.1", 0);
        let server = server.build().map_err(wrong)?.start().await.map_err(wrong)?;
        // The server closes a connection that is idle for long, maybe just when it is used again.
        let client =
            reqwest::Client::builder().no_proxy().pool_idle_timeout(BRIEFLY).build().unwrap_or_default();
        Ok(Self { suite, platform, bot, server, settings, other_settings, output, client, routes })
    }

    /// What the channel writes to people through; `None` where it only answers.
    pub(crate) fn output(&self) -> Option<&dyn OutputChannel> {
        self.output.as_deref()
    }

    /// Something that a new sender says.
    pub(crate) fn says(&self, text: impl Into<String>) -> Said {
        Said { id: next(), sender: next(), text: text.into() }
    }

    /// Something else that this sender says.
    pub(crate) fn says_next(&self, before: &Said, text: impl Into<String>) -> Said {
        Said { id: next(), text: text.into(), ..before.clone() }
    }

    /// How that is delivered, with its proof.
    pub(crate) fn delivery(&self, said: &Said) -> Delivery {
        self.prove((self.suite.deliver)(said))
    }

    pub(crate) fn prove(&self, delivery: Delivery) -> Delivery {
        self.suite.prove(delivery, SystemTime::now(), &self.settings)
    }

    /// The URL of a path below the channel's route.
    pub(crate) fn url(&self, instance: usize, path: &str) -> String {
        self.server.url(&format!("{}{path}", self.routes[instance]))
    }

    /// Delivers, and waits for the answer.
    pub(crate) async fn deliver(&self, delivery: Delivery) -> Result<Answer, Failure> {
        self.deliver_to(0, delivery).await
    }

    pub(crate) async fn deliver_to(&self, instance: usize, delivery: Delivery) -> Result<Answer, Failure> {
        let Delivery { method, path, headers, body } = delivery;
        let request = self.client.request(method, self.url(instance, &path)).headers(headers).body(body);
        let answer = async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Ok::<_, reqwest::Error>(Answer { status, headers, body: response.bytes().await? })
        };
        let answer = answer.await.map_err(|error| {
            Failure::new(
                "an answer to a delivery",
                format!("{error}"),
                "let the webhook return a response, whatever it is given",
            )
        })?;
        if let Some(replies) = self.suite.replies.as_ref().filter(|_| answer.is_success()) {
            let shown = replies(&answer);
            self.seen().push(Seen { at: Instant::now(), shown, raw: answer.text() });
        }
        Ok(answer)
    }

    /// Delivers what is said, which has to be taken.
    pub(crate) async fn say(&self, said: &Said) -> Result<Answer, Failure> {
        let answer = self.deliver(self.delivery(said)).await?;
        if answer.is_success() {
            return Ok(answer);
        }
        let mend = match answer.status {
            401 if !self.suite.is_proved() => {
                "say `sign: |delivery, at, credentials| …`: how the platform proves a delivery"
            }
            500.. => {
                "look into the webhook: it panics, or returns an error; a channel that accepts messages needs an `#[output]`"
            }
            _ => {
                "see that `deliver` and `sign` are as the platform does it, and that the webhook takes such messages"
            }
        };
        Err(Failure::new(
            format!("a 2xx for the delivery of {:?}", shortened(&said.text)),
            shortened(&format!("{} {}", answer.status, answer.text())),
            mend,
        ))
    }

    /// What humans see.
    pub(crate) fn seen(&self) -> &Arc<Record<Seen>> {
        self.platform.seen()
    }

    /// Waits until this can be read somewhere, in one reply or in several; white space does not count.
    pub(crate) async fn shows(&self, what: &str, patience: Duration) -> bool {
        let what = super::shown::essence(what);
        let is_there = |seen: &Record<Seen>| essence(&seen.all()).contains(&what).then_some(());
        self.seen().wait(patience, is_there).await.is_some()
    }

    /// How often this can be read.
    pub(crate) fn times(&self, what: &str) -> usize {
        essence(&self.seen().all()).matches(&super::shown::essence(what)).count()
    }

    /// Waits until every message has been answered and every reply sent.
    pub(crate) async fn idle(&self) -> Result<(), Failure> {
        let idle = timeout(IN_THE_END, self.server.engine().idle()).await;
        idle.map_err(|_| {
            Failure::new(
                "every turn to end, and every reply to be sent",
                format!("something was at work for more than {IN_THE_END:?}"),
                "see that every call to the platform has a time-out",
            )
        })
    }
}

/// All that can be read, in order, without white space.
pub(crate) fn essence(seen: &[Seen]) -> String {
    seen.iter().flat_map(|seen| &seen.shown).map(super::Shown::essence).collect()
}

/// As much of a text as helps.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn next() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}
