//! The command line: `run`, `shell`, `channels`, `check`, `dead-letters`.

mod arguments;
mod bot;
mod channels;
mod check;
mod dead_letters;
mod run;
mod shell;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use channel_core::Agent;
use clap::Parser as _;

use crate::Echo;
use arguments::{Arguments, Command, Files};
use bot::Answerer;
use channel_agent::IntoAction;

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
    answerer: Answerer,
    credentials: Option<PathBuf>,
}

impl Default for Main {
    fn default() -> Self {
        let answerer = Answerer { agent: Arc::new(Echo), folder: None, actions: Vec::new() };
        Self { answerer, credentials: None }
    }
}

impl Main {
    /// A program that [`Echo`] answers for, with its credentials in `credentials.yml`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets who answers.
    pub fn agent(mut self, agent: impl Agent) -> Self {
        self.answerer.agent = Arc::new(agent);
        self
    }

    /// Lets the Rasa bot in this folder answer. Its `credentials.yml` and `endpoints.yml` are the program's, unless it names others.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use channel_server::{ActionCall, ActionOutcome, Main};
    ///
    /// fn main() -> std::process::ExitCode {
    ///     Main::new()
    ///         .bot("weather-bot")
    ///         .action("action_forecast", |_: &ActionCall<'_>| Ok(ActionOutcome::new().say("Sunny.")))
    ///         .run()
    /// }
    /// ```
    pub fn bot(mut self, folder: impl Into<PathBuf>) -> Self {
        self.answerer.folder = Some(folder.into());
        self
    }

    /// Adds a custom action, for the bot that is given here or by `--bot`. It is asked before the action server.
    pub fn action<Kind: 'static>(
        mut self,
        name: impl Into<String>,
        action: impl IntoAction<Kind> + 'static,
    ) -> Self {
        let name = name.into();
        self.answerer.actions.push(Box::new(|builder| builder.action(name, action)));
        self
    }

    /// Sets the credentials file for when the command line names none.
    pub fn credentials(mut self, path: impl Into<PathBuf>) -> Self {
        self.credentials = Some(path.into());
        self
    }

    /// Reads the command line and does what it says.
    pub fn run(self) -> ExitCode {
        let arguments = Arguments::parse();
        let result = match arguments.command {
            None => run::run(&arguments.run, self),
            Some(Command::Run(run)) => run::run(&run, self),
            Some(Command::Shell(options)) => shell::shell(options, self),
            Some(Command::Channels(files)) => channels::print(&self.credentials_of(&files)),
            Some(Command::Check(files)) => check::check(&files, self),
            Some(Command::DeadLetters(arguments)) => dead_letters::run(&arguments, &self),
        };
        result.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        })
    }

    /// The credentials that the command line names, or those of the bot that it names; else the program's own, or those of
    /// the program's bot.
    fn credentials_of(&self, files: &Files) -> PathBuf {
        let beside = |folder: &PathBuf| folder.join("credentials.yml");
        let said = files.credentials.clone().or_else(|| files.answerer.bot.as_ref().map(beside));
        let own = || self.credentials.clone().or_else(|| self.answerer.folder.as_ref().map(beside));
        said.or_else(own).unwrap_or_else(|| "credentials.yml".into())
    }
}

/// What went wrong, for the last line before the end.
type Failure = Box<dyn std::error::Error>;
