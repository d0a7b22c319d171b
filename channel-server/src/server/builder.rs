//! Putting a server together.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use channel_core::{Agent, ChannelState, InputChannel, Intake, Registry};
use channel_engine::{Engine, MemoryStore, Options, Store};

use super::{Server, StartError};
use crate::{
    ApiOptions, Echo, Limits,
    api::{self, Api},
    credentials::{self, Mount},
    http::{App, Cors, Routes, Tls, without_own_limit},
    metrics,
    mount::{Mounted, mount},
};

/// Puts a server together.
///
/// # Examples
///
/// ```no_run
/// use channel_server::Server;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::builder().credentials("credentials.yml").address("127.0.0.1", 0).build()?.start().await?;
/// println!("{}", server.url("/webhooks/rest/webhook"));
/// server.run().await;
/// # Ok(())
/// # }
/// ```
pub struct Builder {
    credentials: Option<Source>,
    channels: Vec<Arc<dyn InputChannel>>,
    agent: Arc<dyn Agent>,
    store: Arc<dyn Store>,
    engine: Options,
    limits: Limits,
    cors: Vec<String>,
    api: Option<ApiOptions>,
    metrics: bool,
    tls: Option<(PathBuf, PathBuf)>,
    address: (String, u16),
}

enum Source {
    File(PathBuf),
    Text(String),
    Mounts(Vec<Mount>),
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            credentials: None,
            channels: Vec::new(),
            agent: Arc::new(Echo),
            store: Arc::new(MemoryStore::default()),
            engine: Options::default(),
            limits: Limits::default(),
            cors: Vec::new(),
            api: None,
            metrics: false,
            tls: None,
            address: ("0.0.0.0".to_owned(), 5005),
        }
    }
}

impl Builder {
    /// Mounts the channels that this credentials file names.
    pub fn credentials(mut self, path: impl AsRef<Path>) -> Self {
        self.credentials = Some(Source::File(path.as_ref().to_owned()));
        self
    }

    /// Mounts the channels that this text names, which has the form of a credentials file.
    pub fn credentials_text(mut self, text: impl Into<String>) -> Self {
        self.credentials = Some(Source::Text(text.into()));
        self
    }

    /// Mounts these channels, which [`credentials::parse`] made.
    pub fn mounts(mut self, mounts: impl IntoIterator<Item = Mount>) -> Self {
        self.credentials = Some(Source::Mounts(mounts.into_iter().collect()));
        self
    }

    /// Mounts a channel that was made by hand.
    pub fn channel(mut self, channel: impl InputChannel) -> Self {
        self.channels.push(Arc::new(channel));
        self
    }

    /// Sets who answers; without it, [`Echo`] does.
    pub fn agent(self, agent: impl Agent) -> Self {
        self.shared_agent(Arc::new(agent))
    }

    /// Sets who answers, where others hold it too.
    pub fn shared_agent(mut self, agent: Arc<dyn Agent>) -> Self {
        self.agent = agent;
        self
    }

    /// Sets where messages, conversations and replies are kept; without it, in memory, and a restart forgets them.
    pub fn store(self, store: impl Store) -> Self {
        self.shared_store(Arc::new(store))
    }

    /// Sets where messages, conversations and replies are kept, where others hold it too.
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = store;
        self
    }

    /// Sets how patient the engine is, and how long it keeps what. How much may wait is told by the
    /// [limits](Self::limits), whether conversations are shared by
    /// [`shared_conversations`](Self::shared_conversations).
    pub fn engine(mut self, options: Options) -> Self {
        self.engine = Options { shared: self.engine.shared, ..options };
        self
    }

    /// Gives one sender one conversation through all channels, as Rasa does. Who can name a sender's id on one channel
    /// then goes on with that sender's conversation on another.
    pub fn shared_conversations(mut self, shared: bool) -> Self {
        self.engine.shared = shared;
        self
    }

    /// Sets what callers may ask of the server.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how long an answer may take; after that the caller gets a 503, and the turn goes on.
    pub fn response_timeout(mut self, time: Duration) -> Self {
        self.limits.response = time;
        self
    }

    /// Lets pages of these origins read the answers; `*` for all.
    pub fn cors(mut self, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.cors = origins.into_iter().map(Into::into).collect();
        self
    }

    /// Serves the HTTP API beside the channels: programs that are let in read conversations, add to them, and trigger
    /// intents. Its routes are those of Rasa's, and some for operators: what waits, and dead letters. `/docs` shows them.
    pub fn enable_api(mut self, options: ApiOptions) -> Self {
        self.api = Some(options);
        self
    }

    /// Serves `GET /metrics` beside the channels, for Prometheus: how many messages there were and how long they took, by
    /// channel, and how much there is to do. Whoever reaches the port may read it; there is nothing of a conversation in it.
    ///
    /// What is counted is counted for the process: several servers in one show the same counters, each with the backlog of
    /// its own store. A program that has installed a recorder of the crate `metrics` itself keeps it; then this shows the
    /// backlog alone.
    pub fn metrics(mut self) -> Self {
        self.metrics = true;
        self
    }

    /// Serves HTTPS with this certificate chain and key, both in PEM.
    pub fn tls(mut self, certificate: impl AsRef<Path>, key: impl AsRef<Path>) -> Self {
        self.tls = Some((certificate.as_ref().to_owned(), key.as_ref().to_owned()));
        self
    }

    /// Sets where to listen; without it, at port 5005 of every interface. Port 0 lets the system choose.
    pub fn address(mut self, interface: impl Into<String>, port: u16) -> Self {
        self.address = (interface.into(), port);
        self
    }

    /// Puts it together: reads the credentials, makes the channels, and checks that they go together.
    ///
    /// # Errors
    ///
    /// Every mistake of the credentials at once; channels that contradict each other; a certificate that can't be read.
    pub fn build(self) -> Result<Server, StartError> {
        let registry = Registry::linked();
        let planned = self.planned(&registry)?;
        let tls = self.tls.as_ref().map(|(certificate, key)| Tls::new(certificate, key)).transpose()?;
        let cors = Cors::of(&self.cors).map_err(StartError::Cors)?;
        let options = Options { waiting: self.limits.waiting, ..self.engine };
        let engine = Engine::new(self.agent, self.store, options);
        let mounted = mount_all(planned, self.channels, &engine)?;
        log(&registry, &mounted);
        let channels: Vec<_> = mounted.iter().map(|mounted| mounted.state.clone()).collect();
        engine.mount(channels.iter().cloned());
        let api = self.api.map(|options| api(options, &engine, &channels, &self.limits));
        let metrics = self.metrics.then(|| metrics::router(engine.clone()));
        let urls = mounted.iter().map(|mounted| mounted.base.clone()).collect();
        let routes = mounted
            .into_iter()
            .map(|Mounted { base, router, .. }| (base, without_own_limit(router, &self.limits)));
        let routes = Routes::new(routes).with_api(api).with_metrics(metrics);
        let app = Arc::new(App::new(routes, self.limits, cors));
        Ok(Server { app, engine, channels, urls, tls, address: self.address })
    }

    fn planned(&self, registry: &Registry) -> Result<Vec<Mount>, StartError> {
        match &self.credentials {
            Some(Source::File(path)) => Ok(credentials::load(path, registry)?),
            Some(Source::Text(text)) => {
                Ok(credentials::parse(text, "credentials", registry, &|name| std::env::var(name))?)
            }
            Some(Source::Mounts(mounts)) => Ok(mounts.clone()),
            None => Ok(Vec::new()),
        }
    }
}

fn api(options: ApiOptions, engine: &Engine, channels: &[ChannelState], limits: &Limits) -> Router {
    if options.is_open() {
        tracing::warn!(
            "the HTTP API is on and asks for no token: anyone who reaches the port can read every conversation, change it, and write to its user; set `--auth-token` or `--jwt-secret`"
        );
    }
    without_own_limit(api::router(Api::new(engine.clone(), channels.to_vec(), options)), limits)
}

fn mount_all(
    planned: Vec<Mount>,
    by_hand: Vec<Arc<dyn InputChannel>>,
    engine: &Engine,
) -> Result<Vec<Mounted>, StartError> {
    let state = |channel, instance, insecure| {
        ChannelState::new(channel, instance, insecure, Arc::new(engine.clone()) as Arc<dyn Intake>)
    };
    let planned = planned.into_iter().map(|mount| {
        let state = state(mount.channel, mount.instance, mount.insecure)
            .with_concurrency(mount.concurrency)
            .with_typed_payloads(mount.typed_payloads);
        (state, mount.bearer_token)
    });
    let by_hand = by_hand.into_iter().map(|channel| (state(channel, None, false), None));
    let mut taken = HashMap::<String, String>::new();
    let mut all = Vec::new();
    for (state, bearer_token) in planned.chain(by_hand) {
        let name = state.channel().name().to_owned();
        let mounted = mount(state, bearer_token).map_err(StartError::Channels)?;
        // A prefix may go on where another channel's webhook is.
        for route in [mounted.base.clone(), format!("{}/webhook", mounted.base)] {
            if let Some(other) = taken.get(&route) {
                return Err(StartError::Channels(format!(
                    "the channels `{other}` and `{name}` both want the route {route}"
                )));
            }
            taken.insert(route, name.clone());
        }
        all.push(mounted);
    }
    Ok(all)
}

/// Says of every linked channel whether it is mounted, and of every mounted one who can reach it.
fn log(registry: &Registry, mounted: &[Mounted]) {
    for registration in registry.iter() {
        let name = registration.name;
        if !mounted.iter().any(|mounted| mounted.state.channel().name() == name) {
            tracing::info!(
                channel = name,
                path = registration.path(),
                package = registration.package,
                declared = registration.place(),
                "linked, not mounted: the credentials have no key `{}`",
                registration.preferred_key(),
            );
        }
    }
    for Mounted { state, base, verification, .. } in mounted {
        let name = state.channel().name();
        let registration = registry.iter().find(|registration| registration.name == name);
        tracing::info!(
            channel = name,
            instance = state.instance(),
            path = registration.map(channel_core::Registration::path),
            package = registration.map(|registration| registration.package),
            declared = registration.map(channel_core::Registration::place),
            verification = verification.word(),
            "mounted at {base}",
        );
        if verification.is_open() {
            tracing::warn!(
                channel = name,
                "anyone who reaches {base}/webhook can write to the bot: give the channel a `bearer_token` in the credentials, or a `#[verify]` method",
            );
        }
    }
}
