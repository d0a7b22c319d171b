//! Agents that do what a test tells them.

use std::{future::pending, sync::Arc};

use channel_core::{Agent, AgentError, Turn, UserMessage, async_trait};
use tokio::sync::{
    Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

/// Where turns wait until they are let through.
pub(crate) struct Gate {
    /// The texts of the messages whose turns have begun, in the order in which they did.
    pub(crate) begun: UnboundedReceiver<String>,
    /// The texts of the messages whose turns have ended.
    pub(crate) ended: UnboundedReceiver<String>,
    open: Arc<Semaphore>,
}

impl Gate {
    /// Lets so many turns through.
    pub(crate) fn open(&self, turns: usize) {
        self.open.add_permits(turns);
    }

    /// The text of the next message whose turn begins.
    pub(crate) async fn begin(&mut self) -> String {
        super::in_time(self.begun.recv()).await.expect("the server is there")
    }

    /// The text of the next message whose turn ends.
    pub(crate) async fn end(&mut self) -> String {
        super::in_time(self.ended.recv()).await.expect("the server is there")
    }
}

/// An agent whose turns wait at the gate; it answers with what it was told.
pub(crate) fn gated() -> (impl Agent, Gate) {
    let (begun, begun_receiver) = unbounded_channel();
    let (ended, ended_receiver) = unbounded_channel();
    let open = Arc::new(Semaphore::new(0));
    let gate = Gate { begun: begun_receiver, ended: ended_receiver, open: Arc::clone(&open) };
    let agent = move |message: UserMessage| {
        let (begun, ended, open) = (begun.clone(), ended.clone(), Arc::clone(&open));
        async move {
            let _ = begun.send(message.text.clone());
            open.acquire().await.expect("the gate is never closed").forget();
            let _ = ended.send(message.text.clone());
            message.text
        }
    };
    (agent, gate)
}

/// What a puppet does next.
pub(crate) enum Step {
    /// Sends this reply now.
    Say(&'static str),
    /// Fails.
    Fail,
    /// Panics.
    Panic,
    /// Ends the turn.
    End,
}

/// An agent that takes its steps from the sender; with nobody to send them it waits for ever.
pub(crate) fn puppet() -> (impl Agent, UnboundedSender<Step>) {
    let (sender, steps) = unbounded_channel();
    (Puppet(tokio::sync::Mutex::new(steps)), sender)
}

struct Puppet(tokio::sync::Mutex<UnboundedReceiver<Step>>);

#[async_trait]
impl Agent for Puppet {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let mut steps = self.0.lock().await;
        loop {
            match steps.recv().await {
                Some(Step::Say(text)) => {
                    turn.reply(text);
                    turn.flush().await?;
                }
                Some(Step::Fail) => return Err(AgentError::new("the puppet's string broke")),
                Some(Step::Panic) => panic!("the puppet's nerves broke"),
                Some(Step::End) => return Ok(()),
                None => pending().await,
            }
        }
    }
}
