//! An agent that does what it is told, and the way to it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use channel_core::{
    Agent, AgentError, BotMessage, ChannelState, CollectingOutputChannel, Event, InputChannel, OnNewMessage,
    OutputChannel, Recipient, Tracker, Turn, TurnError, UserMessage, async_trait, axum::Router,
};
use channel_engine::{Conversation, Engine, MemoryStore, Options, Replies, Visit};
use tokio::{sync::Semaphore, time::Instant};

/// A bot whose user tells it what to do; whatever else is said is answered with all that was said so far.
#[derive(Clone, Default)]
pub(crate) struct Script {
    gate: Arc<Gate>,
    /// The texts of the turns that began.
    begun: Arc<Mutex<Vec<(String, Instant)>>>,
    is_mended: Arc<AtomicBool>,
    resumes: bool,
}

/// Where turns wait for the test.
struct Gate {
    waiting: Semaphore,
    open: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self { waiting: Semaphore::new(0), open: Semaphore::new(0) }
    }
}

impl Script {
    /// One that goes on where a turn was cut short.
    pub(crate) fn resuming() -> Self {
        Self { resumes: true, ..Self::default() }
    }

    /// Waits until a turn waits.
    pub(crate) async fn waits(&self) {
        self.gate.waiting.acquire().await.unwrap().forget();
    }

    /// Lets one turn go on.
    pub(crate) fn go_on(&self) {
        self.gate.open.add_permits(1);
    }

    /// From now on it does not `stumble` any more.
    pub(crate) fn mend(&self) {
        self.is_mended.store(true, Ordering::SeqCst);
    }

    /// The texts of the turns that began.
    pub(crate) fn begun(&self) -> Vec<String> {
        self.times().into_iter().map(|(text, _)| text).collect()
    }

    /// The texts of the turns that began, and when.
    pub(crate) fn times(&self) -> Vec<(String, Instant)> {
        self.begun.lock().unwrap().clone()
    }

    async fn wait(&self) {
        self.gate.waiting.add_permits(1);
        self.gate.open.acquire().await.unwrap().forget();
    }
}

#[async_trait]
impl Agent for Script {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let text = &turn.message().text;
        self.begun.lock().unwrap().push((text.clone(), Instant::now()));
        let goes_on = self.resumes && said(turn.tracker()).split(", ").any(|known| known == text);
        if !goes_on {
            turn.tracker_mut().apply(Event::action(text));
            turn.reply(said(turn.tracker()));
        }
        for word in text.split(' ') {
            match word {
                "wait" => self.wait().await,
                "flush" if goes_on => {}
                "flush" => {
                    turn.flush().await?;
                    turn.tracker_mut().apply(Event::action("after"));
                    turn.reply("after");
                }
                "fail" => return Err(AgentError::new("no more ideas")),
                "panic" => panic!("on purpose"),
                "hang" => std::future::pending().await,
                "stumble" if !self.is_mended.load(Ordering::SeqCst) => {
                    return Err(AgentError::new("not mended yet"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn resumes(&self) -> bool {
        self.resumes
    }
}

/// All that was said in a conversation.
pub(crate) fn said(tracker: &Tracker) -> String {
    let names = tracker.events().iter().map(|event| serde_json::json!(**event)["name"].clone());
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect::<Vec<_>>().join(", ")
}

/// An engine with a script and a channel named `chat`.
pub(crate) struct Chat {
    pub(crate) engine: Engine,
    pub(crate) script: Script,
    /// What was sent for messages that nobody waits for.
    pub(crate) sent: Arc<CollectingOutputChannel>,
    pub(crate) on_new_message: OnNewMessage,
}

impl Chat {
    pub(crate) fn new(options: Options) -> Self {
        let script = Script::default();
        let engine = Engine::new(Arc::new(script.clone()), Arc::new(MemoryStore::default()), options);
        let sent = Arc::new(CollectingOutputChannel::new("chat"));
        let on_new_message = way_in(&engine, &sent);
        Self { engine, script, sent, on_new_message }
    }

    /// Says something; the place in the conversation is taken by the call. What is replied.
    pub(crate) fn say(
        &self,
        sender_id: &str,
        text: &str,
    ) -> impl Future<Output = Result<Vec<String>, TurnError>> + Send + use<> {
        self.deliver(UserMessage::new(text, sender_id))
    }

    pub(crate) fn deliver(
        &self,
        message: UserMessage,
    ) -> impl Future<Output = Result<Vec<String>, TurnError>> + Send + use<> {
        let output = self.on_new_message.collector();
        let turn = self.on_new_message.handle(message, output.clone());
        async move {
            turn.await?;
            Ok(texts(&output))
        }
    }

    /// All that was said to it by this sender, as kept.
    pub(crate) async fn kept(&self, sender_id: &str) -> Option<String> {
        self.engine.tracker(&in_chat(sender_id)).await.unwrap().as_ref().map(said)
    }
}

pub(crate) fn way_in(engine: &Engine, sent: &Arc<CollectingOutputChannel>) -> OnNewMessage {
    let channel = Arc::new(Channel(Arc::clone(sent)));
    OnNewMessage::new(ChannelState::new(channel, None, false, Arc::new(engine.clone())))
}

pub(crate) fn in_chat(sender_id: &str) -> Conversation {
    Conversation::new("chat", sender_id)
}

pub(crate) fn visit(sender_id: &str, text: &str, output: &Arc<CollectingOutputChannel>) -> Visit {
    Visit {
        conversation: in_chat(sender_id),
        message: UserMessage::new(text, sender_id),
        replies: Replies::To(Arc::clone(output) as _),
        reminders: true,
    }
}

pub(crate) fn texts(output: &CollectingOutputChannel) -> Vec<String> {
    output.messages().into_iter().filter_map(|message| message.text).collect()
}

struct Channel(Arc<CollectingOutputChannel>);

impl InputChannel for Channel {
    fn name(&self) -> &str {
        "chat"
    }

    fn router(self: Arc<Self>) -> Router<ChannelState> {
        Router::new()
    }

    fn output_channel(&self, _to: &Recipient) -> Option<Arc<dyn OutputChannel>> {
        Some(Arc::clone(&self.0) as _)
    }
}

/// Waits until nothing is at work any more. An answer is told a moment before its task ends.
pub(crate) async fn is_idle(engine: &Engine) {
    let idle = async {
        while !engine.tasks().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), idle).await;
    assert!(in_time.is_ok(), "{} tasks are left", engine.tasks().len());
}

/// Numbers that look random, the same ones for the same seed (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((number ^ (number >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// A reply that cannot be sent.
pub(crate) struct Broken;

#[async_trait]
impl OutputChannel for Broken {
    fn name(&self) -> &str {
        "chat"
    }

    async fn send_text(
        &self,
        _to: &Recipient,
        _text: &str,
        _message: &BotMessage,
    ) -> Result<channel_core::Sent, channel_core::SendError> {
        Err(channel_core::SendError::permanent("no such chat"))
    }
}
