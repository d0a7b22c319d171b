//! Who answers while a channel is checked.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use channel_core::{Agent, AgentError, BotMessage, Turn, UserMessage, async_trait};
use tokio::sync::watch;

use crate::record::Record;

/// Says what it was told to say to a text, or else the text; and hangs while it is told to.
pub(crate) struct Bot {
    script: Mutex<HashMap<String, Vec<BotMessage>>>,
    is_held: watch::Sender<bool>,
    pub(crate) turns: Record<UserMessage>,
}

impl Default for Bot {
    fn default() -> Self {
        Self { script: Mutex::default(), is_held: watch::Sender::new(false), turns: Record::default() }
    }
}

impl Bot {
    /// Says what is answered to a text.
    pub(crate) fn answers(&self, text: &str, replies: impl IntoIterator<Item = BotMessage>) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        script.insert(text.to_owned(), replies.into_iter().collect());
    }

    /// Hangs in every turn from now on, or goes on.
    pub(crate) fn hold(&self, is_held: bool) {
        self.is_held.send_replace(is_held);
    }

    /// How many turns there were with this text.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.turns.all().iter().filter(|message| message.text == text).count()
    }
}

#[async_trait]
impl Agent for Bot {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let text = turn.message().text.clone();
        self.turns.push(turn.message().clone());
        // The sender is in `self`.
        let _ = self.is_held.subscribe().wait_for(|is_held| !is_held).await;
        let script = self.script.lock().unwrap_or_else(PoisonError::into_inner).get(&text).cloned();
        for reply in script.unwrap_or_else(|| vec![text.into()]) {
            turn.reply(reply);
        }
        Ok(())
    }
}
