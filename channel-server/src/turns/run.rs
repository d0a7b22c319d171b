//! One turn: the agent is asked, its replies are sent.

use std::panic::AssertUnwindSafe;

use channel_core::{
    Agent, AgentError, Arrival, BotMessage, BoxError, Steps, Tracker, Turn, UserMessage, async_trait,
};
use futures_util::FutureExt as _;

/// Why a turn failed.
pub(super) struct Failure(pub(super) BoxError);

/// Runs the turn of an arrived message. A panic of the agent is a failure of this turn and of nothing else.
pub(super) fn turn(agent: &dyn Agent, arrival: &Arrival) -> impl Future<Output = Result<(), Failure>> + Send {
    AssertUnwindSafe(answer(agent, arrival)).catch_unwind().map(|result| match result {
        Ok(result) => result.map_err(|error| Failure(error.into())),
        Err(_) => Err(Failure("the agent panicked".into())),
    })
}

async fn answer(agent: &dyn Agent, arrival: &Arrival) -> Result<(), AgentError> {
    let message = &arrival.message;
    let mut tracker = Tracker::new(&message.sender_id);
    let steps = Sending { output: &*arrival.output, message };
    let mut turn = Turn::new(message, &mut tracker, &steps);
    agent.handle(&mut turn).await?;
    turn.finish().await
}

/// Sends the replies of a step, one after the other.
struct Sending<'a> {
    output: &'a dyn channel_core::OutputChannel,
    message: &'a UserMessage,
}

#[async_trait]
impl Steps for Sending<'_> {
    fn channel(&self) -> &str {
        self.output.name()
    }

    async fn commit(&self, _tracker: &Tracker, replies: Vec<BotMessage>) -> Result<(), AgentError> {
        let to = self.message.reply_to();
        for reply in &replies {
            self.output.send(&to, reply).await?;
        }
        Ok(())
    }
}
