//! `shell`: talk to the bot in the terminal.

mod screen;

use std::{
    hash::{BuildHasher as _, RandomState},
    io::{IsTerminal as _, stdin},
    process::{ExitCode, id},
    sync::Arc,
};

use channel_core::{Agent, TurnError, UserMessage};
use channel_engine::{Causes, Engine, MemoryStore, Options, Replies, Visit};
use rustyline::{Config, DefaultEditor, error::ReadlineError};
use tokio::runtime::Runtime;

use self::screen::Screen;
use super::{Failure, Main, arguments::Shell};
use crate::logging::{self, LogFormat};

/// What ends the talk.
const STOP: &str = "/stop";

/// Reads lines and shows what the bot answers, until there are no more.
pub(super) fn shell(options: Shell, program: Main) -> Result<ExitCode, Failure> {
    logging::start(options.log_level, LogFormat::Text);
    let agent = program.answerer.resolve(&options.answerer)?.agent;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = Talk::new(agent, options.conversation_id).go_on(&runtime);
    // An agent that blocks its thread has had its time; dropping the runtime would wait for it without an end.
    runtime.shutdown_background();
    result.map(|()| ExitCode::SUCCESS)
}

/// A conversation in the terminal.
struct Talk {
    engine: Engine,
    sender_id: String,
    /// Where the last answer is shown.
    screen: Arc<Screen>,
}

impl Talk {
    fn new(agent: Arc<dyn Agent>, sender_id: Option<String>) -> Self {
        let engine = Engine::new(agent, Arc::new(MemoryStore::default()), Options::default());
        let sender_id = sender_id.unwrap_or_else(|| format!("{:016x}", RandomState::new().hash_one(id())));
        Self { engine, sender_id, screen: Arc::default() }
    }

    /// Takes turns with the bot. This thread waits for the user, those of the runtime do the bot's work meanwhile.
    fn go_on(&mut self, runtime: &Runtime) -> Result<(), Failure> {
        let mut editor = DefaultEditor::with_config(Config::builder().auto_add_history(true).build())?;
        if stdin().is_terminal() {
            println!("Type a message and press Enter; `{STOP}` ends.");
        }
        loop {
            // Where the input is no terminal, the editor reads it line by line and shows no prompt.
            let line = match editor.readline(self.prompt()) {
                Ok(line) => line,
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            match line.trim() {
                STOP => return Ok(()),
                "" => {}
                said => runtime.block_on(self.turn(said)),
            }
        }
    }

    fn prompt(&self) -> &'static str {
        if self.screen.has_choices() { "Your input (or a number) -> " } else { "Your input -> " }
    }

    async fn turn(&mut self, said: &str) {
        let text = self.screen.chosen(said).unwrap_or_else(|| said.to_owned());
        self.screen = Arc::default();
        match self.answer(&text).await {
            Ok(()) if self.screen.is_empty() => println!("(the bot is silent)"),
            Ok(()) => {}
            Err(error) => eprintln!("error: {}", Causes(&error)),
        }
    }

    async fn answer(&self, text: &str) -> Result<(), TurnError> {
        let visit = Visit {
            conversation: self.engine.named(&screen::NAME.into(), &self.sender_id),
            message: UserMessage::payload(text, &self.sender_id).with_input_channel(screen::NAME),
            replies: Replies::To(Arc::clone(&self.screen) as _),
            reminders: true,
        };
        self.engine.visit(visit, |agent, turn| agent.handle(turn)).await.map(drop)
    }
}
