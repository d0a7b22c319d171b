//! The command line: `run`, `channels`, `check`.

mod arguments;
mod channels;
mod check;
mod run;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use channel_core::Agent;
use clap::Parser as _;

use crate::Echo;
use arguments::{Arguments, Command, Files};

/// Turns a program with channels into a server with a command line, answered by [`Echo`].
///
/// # Examples
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     channel_server::main()
/// }
/// ```
pub fn main() -> ExitCode {
    Main::new().run()
}

/// Turns a program with channels into a server with a command line.
///
/// # Examples
///
/// ```no_run
/// use channel_server::core::UserMessage;
///
/// fn main() -> std::process::ExitCode {
///     channel_server::Main::new()
///         .agent(|message: UserMessage| async move { format!("You said {}", message.text) })
///         .run()
/// }
/// ```
pub struct Main {
    agent: Arc<dyn Agent>,
    credentials: PathBuf,
}

impl Default for Main {
    fn default() -> Self {
        Self { agent: Arc::new(Echo), credentials: "credentials.yml".into() }
    }
}

impl Main {
    /// A program that [`Echo`] answers for, with its credentials in `credentials.yml`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets who answers.
    pub fn agent(mut self, agent: impl Agent) -> Self {
        self.agent = Arc::new(agent);
        self
    }

    /// Sets the credentials file for when the command line names none.
    pub fn credentials(mut self, path: impl Into<PathBuf>) -> Self {
        self.credentials = path.into();
        self
    }

    /// Reads the command line and does what it says.
    pub fn run(self) -> ExitCode {
        let arguments = Arguments::parse();
        let file = |files: Files| files.credentials.unwrap_or(self.credentials);
        let result = match arguments.command {
            None => run::run(arguments.run, self.agent, file),
            Some(Command::Run(run)) => run::run(*run, self.agent, file),
            Some(Command::Channels(files)) => channels::print(&file(files)),
            Some(Command::Check(files)) => check::check(&file(files)),
        };
        result.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        })
    }
}

/// What went wrong, for the last line before the end.
type Failure = Box<dyn std::error::Error>;
