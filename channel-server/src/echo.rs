//! The agent that answers with what it was told.

use channel_core::{Agent, AgentError, Turn, async_trait};

/// Answers with what it was told: enough to try a connector.
#[derive(Clone, Copy, Debug, Default)]
pub struct Echo;

#[async_trait]
impl Agent for Echo {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let text = turn.message().text.clone();
        turn.reply(text);
        Ok(())
    }
}
