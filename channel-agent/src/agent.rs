//! A domain agent and what it is made of.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use channel_core::Tracker;
use serde_json::Value;

use crate::{
    actions::{ActionServer, CustomAction, IntoAction},
    load::{Bot, meant},
    nlg::NlgServer,
    respond::{Chooser, at_random},
};

/// Answers as Rasa does, by the rules and responses of a bot's folder.
///
/// # Examples
///
/// ```
/// use channel_agent::{ActionCall, ActionOutcome, Bot, DomainAgent};
///
/// let bot = Bot::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/weather"))?;
/// let agent = DomainAgent::builder(bot)
///     .action("action_forecast", |_: &ActionCall<'_>| Ok(ActionOutcome::new().say("Sunny.")))
///     .build()?;
/// assert!(agent.tracker("test_user").slots().contains_key("city"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct DomainAgent {
    pub(crate) bot: Bot,
    pub(crate) actions: BTreeMap<String, Arc<dyn CustomAction>>,
    pub(crate) action_server: Option<Arc<dyn ActionServer>>,
    pub(crate) nlg_server: Option<Arc<dyn NlgServer>>,
    pub(crate) chooser: Box<dyn Chooser>,
    pub(crate) clock: Box<dyn Fn() -> f64 + Send + Sync>,
}

/// Puts together a [`DomainAgent`].
pub struct DomainAgentBuilder(DomainAgent);

/// Custom actions and the domain do not go together: all that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct BuildError(Vec<String>);

impl DomainAgent {
    /// An agent for this bot.
    pub fn builder(bot: Bot) -> DomainAgentBuilder {
        DomainAgentBuilder(Self {
            bot,
            actions: BTreeMap::new(),
            action_server: None,
            nlg_server: None,
            chooser: Box::new(at_random),
            clock: Box::new(now),
        })
    }

    /// The bot that answers.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// A new conversation, with the bot's slots declared in it.
    pub fn tracker(&self, sender_id: impl Into<String>) -> Tracker {
        Tracker::new(sender_id).with_slots(self.slots())
    }

    /// The bot's slots, and the values that they begin with.
    pub fn slots(&self) -> impl Iterator<Item = (&str, Value)> {
        self.bot.domain.slots.iter().map(|slot| (slot.name.as_str(), slot.initial.clone()))
    }
}

impl DomainAgentBuilder {
    /// Adds the custom action of this name: a closure or an `async fn` over an [`ActionCall`](crate::ActionCall), or a
    /// [`CustomAction`].
    pub fn action<Kind>(mut self, name: impl Into<String>, action: impl IntoAction<Kind>) -> Self {
        self.0.actions.insert(name.into(), action.into_action());
        self
    }

    /// Sets where the custom actions run that are not added here: one that is added stands before the server's.
    pub fn action_server(mut self, server: Arc<dyn ActionServer>) -> Self {
        self.0.action_server = Some(server);
        self
    }

    /// Sets who words all responses in place of the domain.
    pub fn nlg_server(mut self, server: Arc<dyn NlgServer>) -> Self {
        self.0.nlg_server = Some(server);
        self
    }

    /// Sets who chooses between variations of a response that fit alike; without it, chance.
    pub fn chooser(mut self, chooser: impl Chooser) -> Self {
        self.0.chooser = Box::new(chooser);
        self
    }

    /// Sets the clock that sessions expire by, in seconds since 1970; without it, the system's.
    pub fn clock(mut self, clock: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.0.clock = Box::new(clock);
        self
    }

    /// The agent.
    ///
    /// # Errors
    ///
    /// A custom action of the domain is neither added here nor run by an action server, or one that is added is not in
    /// the domain.
    pub fn build(self) -> Result<DomainAgent, BuildError> {
        let agent = self.0;
        let declared = &agent.bot.domain.actions;
        let mut problems = Vec::new();
        if agent.action_server.is_none() {
            let missing = declared.iter().filter(|(name, _)| !agent.actions.contains_key(*name));
            problems.extend(missing.map(|(name, place)| {
                format!(
                    "{place}: nothing runs the action `{name}`\n  help: add it in Rust, or name an action server \
                     (`action_endpoint` in endpoints.yml)"
                )
            }));
        }
        for name in agent.actions.keys().filter(|name| !declared.contains_key(*name)) {
            let known = declared.keys().map(String::as_str);
            let help = meant(name, known, "list it under `actions` of the domain");
            problems.push(format!("the action `{name}` is not in the domain\n  help: {help}"));
        }
        if problems.is_empty() { Ok(agent) } else { Err(BuildError(problems)) }
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
