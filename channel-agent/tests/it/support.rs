//! A bot in a folder of its own, and somebody who talks to it.

mod stand_in;

use std::{
    cell::RefCell,
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use channel_agent::{Bot, DomainAgent, DomainAgentBuilder, LoadError};
use channel_core::{
    Agent, AgentError, BotMessage, CollectingOutputChannel, OutputChannel, Recipient, Splitting, Steps,
    Tracker, Turn, UserMessage, async_trait,
};
use serde_json::Value;

pub(crate) use self::stand_in::{StandIn, response};

pub(crate) const CONFIG: &str = "
recipe: default.v1
language: en
pipeline:
  - name: KeywordIntentClassifier
    case_sensitive: false
policies:
  - name: RulePolicy
";

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Loads a bot out of these texts.
pub(crate) fn load(domain: &str, data: &str, config: &str) -> Result<Bot, LoadError> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("channel-agent-{}-{number}", std::process::id()));
    fs::create_dir_all(folder.join("data")).unwrap();
    for (name, text) in [("domain.yml", domain), ("data/data.yml", data), ("config.yml", config)] {
        fs::write(folder.join(name), text).unwrap();
    }
    let bot = Bot::load(&folder);
    fs::remove_dir_all(&folder).unwrap();
    bot
}

/// The builder of an agent for a bot out of these texts. It says the first of several variations.
pub(crate) fn agent(domain: &str, data: &str) -> DomainAgentBuilder {
    let bot = load(domain, data, CONFIG).unwrap_or_else(|error| panic!("{error}"));
    DomainAgent::builder(bot).chooser(|_| 0)
}

/// Talks to an agent; keeps a tracker for each sender.
pub(crate) struct Talk {
    pub(crate) agent: DomainAgent,
    pub(crate) trackers: HashMap<String, Tracker>,
}

/// Sends the steps of a turn to a collector, and counts them.
struct Sender {
    output: CollectingOutputChannel,
    recipient: Recipient,
    steps: Mutex<Vec<usize>>,
}

#[async_trait]
impl Steps for Sender {
    fn channel(&self) -> &str {
        self.output.name()
    }

    async fn commit(
        &self,
        _: &Tracker,
        replies: Vec<BotMessage>,
        _: Vec<(std::time::SystemTime, BotMessage)>,
    ) -> Result<(), AgentError> {
        if !replies.is_empty() {
            self.steps.lock().unwrap().push(replies.len());
        }
        for reply in &replies {
            self.output.send(&self.recipient, reply).await?;
        }
        Ok(())
    }
}

thread_local! {
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What this thread logs, as text.
pub(crate) struct Log;

impl Log {
    /// Begins anew. The subscriber is everybody's: those of single threads get in one another's way.
    pub(crate) fn kept() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| tracing_subscriber::fmt().with_ansi(false).with_writer(|| Log).init());
        LOGGED.take();
        Self
    }

    pub(crate) fn text(&self) -> String {
        LOGGED.with_borrow(|bytes| String::from_utf8(bytes.clone()).unwrap())
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a turn came to.
pub(crate) struct Said {
    /// The messages in the shape of Rasa's REST replies.
    pub(crate) messages: Value,
    /// How many messages each step had.
    pub(crate) steps: Vec<usize>,
}

impl Talk {
    pub(crate) fn to(builder: DomainAgentBuilder) -> Self {
        Self { agent: builder.build().unwrap_or_else(|error| panic!("{error}")), trackers: HashMap::new() }
    }

    pub(crate) async fn send(&mut self, message: UserMessage) -> Said {
        let output = message.input_channel.clone().unwrap_or_default();
        self.turn(&message, &output, async |agent, turn| agent.handle(turn).await).await.unwrap()
    }

    /// Runs a turn whose replies go out through this channel.
    pub(crate) async fn turn(
        &mut self,
        message: &UserMessage,
        output: &str,
        ask: impl AsyncFnOnce(&DomainAgent, &mut Turn<'_>) -> Result<(), AgentError>,
    ) -> Result<Said, AgentError> {
        let tracker = self
            .trackers
            .entry(message.sender_id.clone())
            .or_insert_with(|| self.agent.tracker(&message.sender_id));
        let sender = Sender {
            output: CollectingOutputChannel::new(output).with_splitting(Splitting::Rasa),
            recipient: message.reply_to(),
            steps: Mutex::default(),
        };
        let mut turn = Turn::new(message, tracker, &sender);
        ask(&self.agent, &mut turn).await?;
        turn.finish().await?;
        Ok(Said {
            messages: serde_json::to_value(sender.output.take_messages()).unwrap(),
            steps: sender.steps.into_inner().unwrap(),
        })
    }

    /// The texts that the bot answers with; other messages as JSON.
    pub(crate) async fn say(&mut self, text: &str) -> Vec<String> {
        let message = UserMessage::payload(text, "test_user").with_input_channel("test");
        let messages = self.send(message).await.messages;
        let messages = messages.as_array().unwrap().iter();
        messages.map(|message| message["text"].as_str().map_or(message.to_string(), str::to_owned)).collect()
    }

    pub(crate) fn tracker(&self) -> &Tracker {
        &self.trackers["test_user"]
    }

    /// What happened, in a word each; of actions and slots, what they are called.
    pub(crate) fn events(&self) -> Vec<String> {
        names(self.tracker().events())
    }
}

pub(crate) fn names(events: &[Arc<channel_core::Event>]) -> Vec<String> {
    use channel_core::EventKind as Kind;
    let name = |event: &channel_core::Event| match &event.kind {
        Kind::Action { name: Some(name), .. } => name.clone(),
        Kind::Slot { name, value } => format!("{name}={value}"),
        kind => kind.name().to_owned(),
    };
    events.iter().map(|event| name(event)).collect()
}
