//! A fake of Slack: a workspace with people in it, on this machine.
//!
//! The Web API, signed deliveries to the bot's webhook or through the sockets of Socket Mode, and what people in the
//! workspace do and see. What is refused by Slack is refused here, with the same error.

mod builder;
mod channels;
mod deliver;
mod events;
mod files;
mod interact;
mod modals;
mod people;
mod response_url;
mod shown;
mod sign;
mod socket;
mod web_api;
mod workspace;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::DefaultBodyLimit, routing::any};
use tokio::task::JoinSet;

use crate::fake::{
    Allowance, BODY, Call, Calls, Changes, Courier, Fault, LocalServer, Queue, TimedOut, lock,
};

pub use builder::Builder;
pub use channels::{Channel, User};
pub use interact::NotShown;
pub use modals::Modal;
pub use shown::{Button, Image, Message};
pub use sign::Forgery;

use builder::Settings;
use socket::Sockets;
use workspace::Workspace;

/// A fake of Slack, with one workspace in which one app is installed. It ends when it is dropped.
///
/// # Examples
///
/// ```
/// use channel_testkit::slack;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let slack = slack::Fake::builder().token("xoxb-test").signing_secret("test secret").start().await?;
/// let credentials = format!(
///     "slack: {{ slack_token: xoxb-test, slack_signing_secret: test secret, api_url: '{}' }}",
///     slack.api_url(),
/// );
/// let bot = channel_server::Server::builder().credentials_text(credentials).address("127.0.0.1", 0);
/// let server = bot.build()?.start().await?;
/// slack.deliver_to(server.url("/webhooks/slack/webhook"));
///
/// let ada = slack.user("ada");
/// let dm = slack.direct_message(&ada);
/// assert!(slack.say(&ada, &dm, "hello").await.is_taken());
/// assert_eq!(slack.next_reply(&dm).await?.text, "hello");
/// assert_eq!(slack.transcript(&dm).len(), 2);
/// # Ok(())
/// # }
/// ```
pub struct Fake {
    inner: Arc<Inner>,
    _server: LocalServer,
}

/// What the server and the people share.
struct Inner {
    settings: Settings,
    /// Where the server listens.
    address: SocketAddr,
    workspace: Mutex<Workspace>,
    changes: Changes,
    calls: Calls,
    courier: Courier,
    rate: Allowance,
    webhook: Mutex<Option<String>>,
    sockets: Sockets,
    forgeries: Queue<Forgery>,
    copies: Queue<usize>,
    /// Deliveries that nobody waits for.
    background: Mutex<JoinSet<()>>,
}

impl Fake {
    /// A fake to be set up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    async fn serve(settings: Settings, courier: Courier) -> std::io::Result<Self> {
        let mut kept = None;
        let server = LocalServer::start(|address| {
            let changes = Changes::new(settings.patience);
            let inner = Arc::new(Inner {
                calls: Calls::new(changes.clone()),
                changes,
                rate: Allowance::new(settings.message_rate),
                settings,
                address,
                courier,
                workspace: Mutex::default(),
                webhook: Mutex::default(),
                sockets: Sockets::default(),
                forgeries: Queue::default(),
                copies: Queue::default(),
                background: Mutex::default(),
            });
            let router = router(Arc::clone(&inner));
            kept = Some(inner);
            router
        })
        .await?;
        let inner = kept.ok_or_else(|| std::io::Error::other("the server has no router"))?;
        Ok(Self { inner, _server: server })
    }

    /// Where the Web API is, for the bot's `api_url`.
    pub fn api_url(&self) -> String {
        self.inner.url("/api")
    }

    /// Sets the address that events, interactivity and slash commands are delivered to.
    pub fn deliver_to(&self, url: impl Into<String>) {
        *lock(&self.inner.webhook) = Some(url.into());
    }

    /// Lets the next call fail, whichever it is. Several wait in order.
    pub fn fail_next(&self, fault: Fault) {
        self.inner.calls.fail_next(None, fault);
    }

    /// Lets the next call of a method fail, as `chat.postMessage`; posts to a `response_url` are of the method `response_url`.
    pub fn fail_next_of(&self, method: &str, fault: Fault) {
        self.inner.calls.fail_next(Some(method), fault);
    }

    /// Signs the next delivery as Slack would not. It is tried once.
    pub fn forge_next(&self, forgery: Forgery) {
        self.inner.forgeries.push(forgery);
    }

    /// Delivers what happens next so many times at once, each time with the same id. At most 100.
    pub fn duplicate_next(&self, copies: usize) {
        self.inner.copies.push(copies.clamp(1, 100));
    }

    /// The bot's calls, the last 10,000.
    pub fn calls(&self) -> Vec<Call> {
        self.inner.calls.log()
    }

    /// Waits until this is so, looking after each change of what is in the workspace.
    ///
    /// # Errors
    ///
    /// It was not so within the [patience](Builder::patience).
    pub async fn wait_until(&self, is_so: impl Fn(&Self) -> bool) -> Result<(), TimedOut> {
        self.inner.changes.find("what was waited for", || is_so(self).then_some(())).await
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        lock(&self.inner.background).abort_all();
    }
}

impl Inner {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Does something in the workspace, and wakes who waits for it.
    fn change<T>(&self, change: impl FnOnce(&mut Workspace) -> T) -> T {
        let done = change(&mut lock(&self.workspace));
        self.changes.notify();
        done
    }

    fn look<T>(&self, look: impl FnOnce(&Workspace) -> T) -> T {
        look(&lock(&self.workspace))
    }
}

fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/api/{method}", any(web_api::call))
        .route("/response/{id}", any(response_url::call))
        .route("/files/{id}", any(files::download))
        .route("/socket/{ticket}", any(socket::connect))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(inner)
}
