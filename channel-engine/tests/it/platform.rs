//! A platform whose sends end as told, and a bot that answers through it.

use std::{
    collections::{HashMap, VecDeque},
    future::{pending, ready},
    sync::{Arc, Mutex},
    time::Duration,
};

use channel_core::{
    Arrival, BotMessage, BoxFuture, ChannelState, Concurrency, InputChannel, Intake, OnNewMessage,
    OutputChannel, Recipient, SendError, SendLimits, Sent, TrackerState, TurnError, UserMessage, async_trait,
    axum::Router,
};
use channel_engine::{DeadLetter, Engine, Filter, Listed, MessageKey, Options, State, Store};
use tokio::{sync::Notify, time::Instant};

use crate::support::{Script, in_chat, said};

/// What becomes of a send.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Send {
    Works,
    Limited(Duration),
    Refused,
    Fails,
    Unknown,
    Panics,
    Hangs,
}

/// What was sent, and when.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) at: Instant,
    /// How many events the conversation had, as the channel was told.
    pub(crate) events: usize,
}

/// Shows what is sent, unless it was told otherwise.
#[derive(Default)]
pub(crate) struct Platform {
    limits: SendLimits,
    told: Mutex<HashMap<String, VecDeque<Send>>>,
    shown: Mutex<Vec<Shown>>,
    tries: Mutex<Vec<Instant>>,
    news: Notify,
}

impl Platform {
    /// One that takes no more than this.
    pub(crate) fn limited(limits: SendLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The next sends to this user end like this.
    pub(crate) fn will(&self, to: &str, sends: impl IntoIterator<Item = Send>) {
        self.told.lock().unwrap().entry(to.to_owned()).or_default().extend(sends);
    }

    /// From now on every send succeeds.
    pub(crate) fn recovers(&self) {
        self.told.lock().unwrap().clear();
    }

    pub(crate) fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }

    /// When something was tried to be sent.
    pub(crate) fn tries(&self) -> Vec<Instant> {
        self.tries.lock().unwrap().clone()
    }

    pub(crate) fn texts(&self, to: &str) -> Vec<String> {
        self.shown().into_iter().filter(|shown| shown.to == to).map(|shown| shown.text).collect()
    }

    /// Waits until so much is shown.
    pub(crate) async fn shows(&self, count: usize) -> Vec<Shown> {
        self.until(|| self.shown.lock().unwrap().len() >= count).await;
        self.shown()
    }

    /// Waits until so many sends were tried.
    pub(crate) async fn is_tried(&self, count: usize) {
        self.until(|| self.tries.lock().unwrap().len() >= count).await;
    }

    async fn until(&self, condition: impl Fn() -> bool) {
        loop {
            let news = self.news.notified();
            if condition() {
                return;
            }
            news.await;
        }
    }
}

/// What one conversation is written to through.
struct Output {
    platform: Arc<Platform>,
    state: Mutex<Option<Arc<TrackerState>>>,
}

#[async_trait]
impl OutputChannel for Output {
    fn name(&self) -> &str {
        "chat"
    }

    fn limits(&self) -> SendLimits {
        self.platform.limits.clone()
    }

    fn is_group(&self, to: &Recipient) -> bool {
        to.id.starts_with('#')
    }

    fn method(&self, message: &BotMessage) -> &'static str {
        if message.text.as_ref().is_some_and(|text| text.starts_with('!')) { "shout" } else { "send" }
    }

    async fn send_text(&self, to: &Recipient, text: &str, _message: &BotMessage) -> Result<Sent, SendError> {
        self.platform.tries.lock().unwrap().push(Instant::now());
        self.platform.news.notify_waiters();
        let told = self.platform.told.lock().unwrap().get_mut(&to.id).and_then(VecDeque::pop_front);
        match told {
            Some(Send::Limited(wait)) => return Err(SendError::retryable("429").after(wait)),
            Some(Send::Refused) => return Err(SendError::permanent("no such chat")),
            Some(Send::Fails) => return Err(SendError::retryable("503")),
            Some(Send::Unknown) => return Err(SendError::unknown("the connection broke")),
            Some(Send::Panics) => panic!("on purpose"),
            Some(Send::Hangs) => pending().await,
            Some(Send::Works) | None => {}
        }
        let events =
            self.state.lock().unwrap().as_ref().and_then(|state| state.events.as_ref().map(Vec::len));
        let shown = Shown {
            to: to.id.clone(),
            text: text.to_owned(),
            at: Instant::now(),
            events: events.unwrap_or(0),
        };
        self.platform.shown.lock().unwrap().push(shown);
        self.platform.news.notify_waiters();
        Ok(Sent::default())
    }

    fn set_tracker_state(&self, state: Arc<TrackerState>) {
        *self.state.lock().unwrap() = Some(state);
    }
}

struct Channel {
    name: &'static str,
    platform: Arc<Platform>,
}

impl InputChannel for Channel {
    fn name(&self) -> &str {
        self.name
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Router::new()
    }

    fn output_channel(&self, to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        assert!(to.id != "nobody", "on purpose: there is no way to {}", to.id);
        Some(Arc::new(Output { platform: Arc::clone(&self.platform), state: Mutex::default() }))
    }
}

/// Where no message comes in.
struct Nowhere;

impl Intake for Nowhere {
    fn handle(&self, _arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        Box::pin(ready(Err(TurnError::ShuttingDown)))
    }

    fn accept(&self, arrival: Arrival) -> BoxFuture<'static, Result<(), TurnError>> {
        self.handle(arrival)
    }
}

/// A server with a script and a channel named `chat` to a platform.
pub(crate) struct Bot {
    pub(crate) engine: Engine,
    pub(crate) script: Script,
    pub(crate) platform: Arc<Platform>,
    pub(crate) state: ChannelState,
    pub(crate) on_new_message: OnNewMessage,
}

impl Bot {
    /// Runs, with the channel mounted.
    pub(crate) fn start(store: &Arc<impl Store>, options: Options) -> Self {
        let bot = Self::idle(store, options, Script::default(), Platform::default(), Concurrency::default());
        bot.engine.start();
        bot
    }

    pub(crate) fn with(store: &Arc<impl Store>, concurrency: Concurrency) -> Self {
        let (script, platform) = (Script::default(), Platform::default());
        let bot = Self::idle(store, Options::default(), script, platform, concurrency);
        bot.engine.start();
        bot
    }

    /// Mounted, and not started.
    pub(crate) fn idle(
        store: &Arc<impl Store>,
        options: Options,
        script: Script,
        platform: Platform,
        concurrency: Concurrency,
    ) -> Self {
        let engine = Engine::new(Arc::new(script.clone()), Arc::clone(store) as _, options);
        let platform = Arc::new(platform);
        let channel = Arc::new(Channel { name: "chat", platform: Arc::clone(&platform) });
        let state = ChannelState::new(channel, None, false, Arc::new(engine.clone()));
        let state = state.with_concurrency(concurrency);
        // A channel that knows its engine would keep it, and its store, for ever.
        let mounted = ChannelState::new(Arc::clone(state.channel()), None, false, Arc::new(Nowhere));
        engine.mount([mounted.with_concurrency(concurrency)]);
        Self { engine, script, platform, on_new_message: OnNewMessage::new(state.clone()), state }
    }

    /// Mounts a further channel to its platform.
    pub(crate) fn mount(&self, name: &'static str) {
        let channel = Arc::new(Channel { name, platform: Arc::clone(&self.platform) });
        self.engine.mount([ChannelState::new(channel, None, false, Arc::new(Nowhere))]);
    }

    /// Accepts a message whose id is its text; what begins with `/` is a button's.
    pub(crate) async fn accept(&self, sender_id: &str, text: &str) -> Result<(), TurnError> {
        let message = if text.starts_with('/') { UserMessage::payload } else { UserMessage::new };
        let message = message(text, sender_id).with_message_id(id(sender_id, text));
        self.on_new_message.accept(message).await
    }

    pub(crate) async fn accepts(&self, sender_id: &str, texts: impl IntoIterator<Item = &str>) {
        for text in texts {
            self.accept(sender_id, text).await.unwrap();
        }
    }

    /// Has a message answered whose id is its text.
    pub(crate) async fn ask(&self, sender_id: &str, text: &str) -> Result<Vec<String>, TurnError> {
        let output = self.on_new_message.collector();
        let message = UserMessage::new(text, sender_id).with_message_id(id(sender_id, text));
        self.on_new_message.handle(message, output.clone()).await?;
        Ok(crate::support::texts(&output))
    }

    pub(crate) async fn state(&self, sender_id: &str, text: &str) -> Option<State> {
        let key = MessageKey::new("chat", id(sender_id, text));
        self.engine.store().message(&key).await.unwrap().map(|kept| kept.state)
    }

    pub(crate) async fn letters(&self) -> Vec<DeadLetter> {
        self.engine.store().dead_letters(&Filter::default()).await.unwrap()
    }

    pub(crate) async fn listed(&self) -> Vec<Listed> {
        let filter = Filter { limit: 10_000, ..Filter::default() };
        self.engine.store().messages(&filter).await.unwrap()
    }

    /// All that was said to it by this sender, as kept.
    pub(crate) async fn kept(&self, sender_id: &str) -> String {
        self.engine.tracker(&in_chat(sender_id)).await.unwrap().as_ref().map(said).unwrap_or_default()
    }

    /// Waits, on a clock that is paused, until nothing is pending or unsent.
    pub(crate) async fn settles(&self) {
        loop {
            let backlog = self.engine.store().backlog().await.unwrap();
            if backlog.pending == 0 && backlog.unsent == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

pub(crate) fn id(sender_id: &str, text: &str) -> String {
    format!("{sender_id}/{text}")
}
