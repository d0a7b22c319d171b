//! Sessions that begin because of a request.

use std::{
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use channel_core::{Agent, AgentError, BotMessage, Dialogue, Steps, Tracker, Turn, UserMessage, async_trait};

/// Begins a session in a turn where there is none. What a request carries is not what the session began with.
pub(super) async fn begin(agent: &dyn Agent, turn: &mut Turn<'_>) -> Result<(), AgentError> {
    let Some(dialogue) = agent.dialogue() else { return Ok(()) };
    let channel = turn.channel().to_owned();
    let replies = begin_in(dialogue, turn.tracker_mut(), channel).await?;
    for reply in replies {
        turn.reply(reply);
    }
    Ok(())
}

/// Begins a session in a conversation that nobody keeps.
pub(super) async fn fresh(dialogue: &dyn Dialogue, sender_id: &str) -> Result<Tracker, AgentError> {
    let mut tracker = dialogue.tracker(sender_id);
    begin_in(dialogue, &mut tracker, String::new()).await?;
    Ok(tracker)
}

async fn begin_in(
    dialogue: &dyn Dialogue,
    tracker: &mut Tracker,
    channel: String,
) -> Result<Vec<BotMessage>, AgentError> {
    let message = UserMessage::new("", tracker.sender_id());
    let steps = Kept { channel, replies: Mutex::default() };
    let mut turn = Turn::new(&message, tracker, &steps);
    dialogue.begin_session(&mut turn).await?;
    turn.finish().await?;
    Ok(steps.replies.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Steps that go nowhere yet: the events stay in the tracker, the replies here.
struct Kept {
    channel: String,
    replies: Mutex<Vec<BotMessage>>,
}

#[async_trait]
impl Steps for Kept {
    fn channel(&self) -> &str {
        &self.channel
    }

    /// What comes later is told to nobody: it is no part of how a session begins.
    async fn commit(
        &self,
        _tracker: &Tracker,
        replies: Vec<BotMessage>,
        _later: Vec<(SystemTime, BotMessage)>,
    ) -> Result<(), AgentError> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner).extend(replies);
        Ok(())
    }
}
