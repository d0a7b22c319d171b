//! A fake of Telegram: a bot and the people who write to it, on this machine.
//!
//! The Bot API with webhooks and long polling, and what people do and see. What is refused by Telegram is refused here, with the
//! same description. Bots hear everything in groups here (their privacy mode is off).

mod bot_api;
mod builder;
mod chats;
mod files;
mod keyboard;
mod markup;
mod members;
mod people;
mod shown;
mod updates;
mod world;

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
pub use chats::{Chat, User};
pub use files::Medium;
pub use markup::Entity;
pub use people::NotShown;
pub use shown::{Button, Message, Shown};
pub use updates::Forgery;

use builder::Settings;
use world::World;

/// A fake of Telegram, with one bot. It ends when it is dropped.
///
/// # Examples
///
/// ```
/// use channel_testkit::telegram;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telegram = telegram::Fake::builder().token("1:test").start().await?;
/// let ada = telegram.user("Ada");
/// let chat = telegram.private_chat(&ada);
/// telegram.say(&ada, &chat, "hello").await;
///
/// // A bot would do this.
/// let api = format!("{}/bot1:test", telegram.api_url());
/// let updates = reqwest::get(format!("{api}/getUpdates")).await?.text().await?;
/// assert!(updates.contains("hello"));
/// reqwest::get(format!("{api}/sendMessage?chat_id={}&text=Hi!", chat.id)).await?;
///
/// assert_eq!(telegram.next_reply(&chat).await?.text, "Hi!");
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
    world: Mutex<World>,
    changes: Changes,
    calls: Calls,
    courier: Courier,
    account_rate: Allowance,
    chat_rate: Allowance,
    group_rate: Allowance,
    forgeries: Queue<Forgery>,
    copies: Queue<usize>,
    /// Deliveries that nobody waits for.
    background: Mutex<JoinSet<()>>,
    address: SocketAddr,
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
                account_rate: Allowance::new(settings.account_rate),
                chat_rate: Allowance::new(settings.chat_rate),
                group_rate: Allowance::new(settings.group_rate),
                settings,
                courier,
                world: Mutex::default(),
                forgeries: Queue::default(),
                copies: Queue::default(),
                background: Mutex::default(),
                address,
            });
            let router = router(Arc::clone(&inner));
            kept = Some(inner);
            router
        })
        .await?;
        let inner = kept.ok_or_else(|| std::io::Error::other("the server has no router"))?;
        Ok(Self { inner, _server: server })
    }

    /// Where the Bot API is, without the token: `/bot<token>/<method>` and `/file/bot<token>/<path>` are there.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.inner.address)
    }

    /// Lets the next call fail, whichever it is. Several wait in order.
    pub fn fail_next(&self, fault: Fault) {
        self.inner.calls.fail_next(None, fault);
    }

    /// Lets the next call of a method fail, as `sendMessage`.
    pub fn fail_next_of(&self, method: &str, fault: Fault) {
        self.inner.calls.fail_next(Some(method), fault);
    }

    /// Delivers what happens next as Telegram would not. It is tried once.
    pub fn forge_next(&self, forgery: Forgery) {
        self.inner.forgeries.push(forgery);
    }

    /// Delivers what happens next so many times at once, each time with the same `update_id`. At most 100.
    pub fn duplicate_next(&self, copies: usize) {
        self.inner.copies.push(copies.clamp(1, 100));
    }

    /// The bot's calls, the last 10,000.
    pub fn calls(&self) -> Vec<Call> {
        self.inner.calls.log()
    }

    /// Waits until this is so, looking after each change.
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
    /// Does something in the world, and wakes who waits for it.
    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let done = change(&mut lock(&self.world));
        self.changes.notify();
        done
    }

    fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&lock(&self.world))
    }
}

fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/{bot}/{method}", any(bot_api::call))
        .route("/file/{bot}/{*path}", any(files::download))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(inner)
}
