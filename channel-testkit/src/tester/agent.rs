//! Who sees what an agent is asked.

use std::sync::{Arc, Mutex, PoisonError};

use channel_core::{Agent, AgentError, Turn, UserMessage, async_trait};

use crate::record::Record;

/// Passes every turn on, and keeps its message.
pub(super) struct Witness {
    agent: Mutex<Arc<dyn Agent>>,
    turns: Record<UserMessage>,
}

impl Witness {
    pub(super) fn new(agent: Arc<dyn Agent>) -> Self {
        Self { agent: Mutex::new(agent), turns: Record::default() }
    }

    pub(super) fn set(&self, agent: Arc<dyn Agent>) {
        *self.agent.lock().unwrap_or_else(PoisonError::into_inner) = agent;
    }

    pub(super) fn turns(&self) -> Vec<UserMessage> {
        self.turns.all()
    }
}

#[async_trait]
impl Agent for Witness {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        self.turns.push(turn.message().clone());
        let agent = Arc::clone(&self.agent.lock().unwrap_or_else(PoisonError::into_inner));
        agent.handle(turn).await
    }
}
