//! The agent: two steps for each message, some of them slow, some of them failing once; and a button for who asks for it.

use std::{fs::File, path::PathBuf};

use channel_core::{Agent, AgentError, BotMessage, Button, Event, Metadata, Turn, async_trait};
use tokio::time::sleep;

use crate::{chance::Chance, script};

/// Says how many events it found, so that an answer tells whether the tracker was right.
pub(super) struct Counting {
    pub(super) chance: Chance,
    /// A file for each turn that has failed: it does not fail again, in whatever process.
    pub(super) marks: PathBuf,
}

/// How many of a hundred turns fail at first, before the first step and after it.
const FAILING: u64 = 2;

/// How many of a hundred turns take their time.
const SLOW: u64 = 20;

#[async_trait]
impl Agent for Counting {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let message = turn.message();
        let events = turn.tracker().events().len();
        turn.tracker_mut().apply(Event::user(message, Metadata::new()));
        self.fail_once("before the first step", &message.message_id)?;
        say(turn, BotMessage::text(script::reply(&message.text, 1, events)));
        turn.flush().await?;
        self.fail_once("after the first step", &message.message_id)?;
        if self.chance.percent(("slow", &message.message_id), SLOW) {
            sleep(self.chance.millis(("how slow", &message.message_id), 1..20)).await;
        }
        let button = script::button(&message.text).map(|number| Button::new(&number, &number));
        say(turn, BotMessage::text(script::reply(&message.text, 2, events)).with_buttons(button));
        Ok(())
    }
}

impl Counting {
    fn fail_once(&self, place: &str, id: &str) -> Result<(), AgentError> {
        let fails = self.chance.percent((place, id), FAILING)
            && File::create_new(self.marks.join(format!("{} {place}", id.replace('/', "-")))).is_ok();
        if fails { Err(AgentError::new(format!("fails once, {place}"))) } else { Ok(()) }
    }
}

fn say(turn: &mut Turn<'_>, reply: BotMessage) {
    turn.tracker_mut().apply(Event::bot(&reply));
    turn.reply(reply);
}
