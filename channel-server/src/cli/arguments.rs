//! What the command line may say.

use std::{path::PathBuf, time::Duration};

use channel_engine::LetterId;
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::filter::{LevelFilter, Targets};

use crate::logging::LogFormat;

/// Connects a bot to chat platforms.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Serve the channels that the credentials name (also without a command)
    Run(Box<Run>),
    /// Talk to the bot in the terminal
    Shell(Shell),
    /// Show every linked channel: where it is declared, whether and where it is mounted, how it is verified
    Channels(Files),
    /// Check the credentials without starting
    Check(Files),
    /// Show messages that could not be answered and replies that could not be sent, and do something about them
    // Its options may stand behind what is done, too.
    #[command(mut_args(|argument| argument.global(true)))]
    DeadLetters(DeadLetters),
}

#[derive(Args)]
pub(super) struct Files {
    /// Channels and their settings [default: credentials.yml, unless the program says otherwise]
    #[arg(long, env = "CREDENTIALS", value_name = "FILE")]
    pub(super) credentials: Option<PathBuf>,

    #[command(flatten)]
    pub(super) answerer: WhoAnswers,
}

#[derive(Args)]
pub(super) struct WhoAnswers {
    /// A Rasa bot's folder that answers, in place of the program's own agent; its credentials.yml and endpoints.yml are
    /// the defaults then
    #[arg(long, env = "BOT", value_name = "DIR")]
    pub(super) bot: Option<PathBuf>,

    /// Where the action server and the like are [default: endpoints.yml, if it is there]
    #[arg(long, env = "ENDPOINTS", value_name = "FILE")]
    pub(super) endpoints: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) files: Files,

    /// Port to listen at; 0 lets the system choose
    #[arg(short, long, env = "PORT", default_value_t = 5005)]
    pub(super) port: u16,

    /// Address to listen at
    #[arg(short, long, env = "INTERFACE", default_value = "0.0.0.0", value_name = "ADDRESS")]
    pub(super) interface: String,

    /// Origins whose pages may read the answers; `*` for all
    #[arg(long, env = "CORS", num_args = 0.., value_delimiter = ',', value_name = "ORIGIN")]
    pub(super) cors: Vec<String>,

    #[command(flatten)]
    pub(super) access: Access,

    /// Serve `/metrics` for Prometheus beside the channels, to whoever reaches the port
    #[arg(long, env = "METRICS", value_parser = switch, num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    pub(super) metrics: bool,

    #[command(flatten)]
    pub(super) storage: Storage,

    #[command(flatten)]
    pub(super) patience: Patience,

    /// Seconds that an answer may take; the turn goes on after that
    #[arg(long, env = "RESPONSE_TIMEOUT", default_value = "3600", value_name = "SECONDS", value_parser = seconds)]
    pub(super) response_timeout: Duration,

    /// Certificate chain in PEM, to serve HTTPS
    #[arg(long, env = "SSL_CERTIFICATE", value_name = "FILE", requires = "ssl_keyfile")]
    pub(super) ssl_certificate: Option<PathBuf>,

    /// Key of the certificate in PEM
    #[arg(long, env = "SSL_KEYFILE", value_name = "FILE", requires = "ssl_certificate")]
    pub(super) ssl_keyfile: Option<PathBuf>,

    /// What is logged: error, warn, info, debug, trace; or by target, as `info,hyper=debug`
    #[arg(long, env = "LOG_LEVEL", default_value = "info", value_name = "LEVEL", value_parser = level)]
    pub(super) log_level: Targets,

    /// How it is logged
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value = "text", value_name = "FORMAT")]
    pub(super) log_format: LogFormat,
}

#[derive(Args)]
pub(super) struct Shell {
    #[command(flatten)]
    pub(super) answerer: WhoAnswers,

    /// Who talks to the bot [default: random]
    #[arg(long, value_name = "ID")]
    pub(super) conversation_id: Option<String>,

    /// What is logged, to standard error: error, warn, info, debug, trace; or by target, as `info,hyper=debug`
    #[arg(long, env = "LOG_LEVEL", default_value = "warn", value_name = "LEVEL", value_parser = level)]
    pub(super) log_level: Targets,
}

#[derive(Args)]
pub(super) struct DeadLetters {
    #[command(subcommand)]
    pub(super) what: Letters,

    #[command(flatten)]
    pub(super) storage: Storage,

    #[command(flatten)]
    pub(super) answerer: WhoAnswers,
}

#[derive(Subcommand)]
pub(super) enum Letters {
    /// List them, the oldest first
    List {
        /// Only those of this channel: its name, with `/` and the instance where it has several
        #[arg(long, value_name = "CHANNEL")]
        channel: Option<String>,
        /// Only those of conversations with this sender
        #[arg(long, value_name = "ID")]
        sender: Option<String>,
        /// So many at most
        #[arg(long, default_value_t = 100, value_name = "COUNT")]
        limit: usize,
    },
    /// Show one with all that is known of it
    Show {
        /// Its id, as it is listed
        id: LetterId,
    },
    /// Have messages answered and replies sent again
    Replay {
        /// Their ids, as they are listed
        #[arg(required = true)]
        ids: Vec<LetterId>,
    },
    /// Forget them for good
    Discard {
        /// Their ids, as they are listed
        #[arg(required = true)]
        ids: Vec<LetterId>,
    },
}

#[derive(Args)]
pub(super) struct Storage {
    /// Where messages, conversations and replies are kept: a file, the URL of a PostgreSQL database, or `memory` [default:
    /// `tracker_store` of the endpoints, or else channel.db]
    #[arg(long, env = "STORE", hide_env_values = true, value_name = "WHERE")]
    pub(super) store: Option<String>,
}

#[derive(Args)]
#[command(next_help_heading = "Patience")]
pub(super) struct Patience {
    /// Seconds that a turn may take; after that it has failed
    #[arg(long, env = "TURN_TIMEOUT", default_value = "300", value_name = "SECONDS", value_parser = seconds)]
    pub(super) turn_timeout: Duration,

    /// How often the turn of an accepted message is tried before the message is a dead letter
    #[arg(long, env = "TURN_ATTEMPTS", default_value_t = 5, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) turn_attempts: u32,

    /// How often a reply is tried to be sent before it is a dead letter
    #[arg(long, env = "SEND_ATTEMPTS", default_value_t = 20, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) send_attempts: u32,

    /// Hours after which a message that waited for a restart is a dead letter, rather than answered late
    #[arg(long, env = "MAX_MESSAGE_AGE", default_value = "24", value_name = "HOURS", value_parser = hours)]
    pub(super) max_message_age: Duration,

    /// Days that a message's id and replies are remembered once it is answered: delivered again, it is not answered again
    #[arg(long, env = "KEEP_MESSAGES", default_value = "7", value_name = "DAYS", value_parser = days)]
    pub(super) keep_messages: Duration,

    /// Days that dead letters are kept
    #[arg(long, env = "KEEP_DEAD_LETTERS", default_value = "30", value_name = "DAYS", value_parser = days)]
    pub(super) keep_dead_letters: Duration,

    /// Days that conversations are kept in which nothing happens [default: for ever]
    #[arg(long, env = "KEEP_CONVERSATIONS", value_name = "DAYS", value_parser = days)]
    pub(super) keep_conversations: Option<Duration>,

    /// Seconds that running requests and turns may take once the server is told to stop
    #[arg(long, env = "GRACE", default_value = "30", value_name = "SECONDS", value_parser = seconds)]
    pub(super) grace: Duration,
}

#[derive(Args)]
pub(super) struct Access {
    /// Serve the HTTP API beside the channels
    #[arg(long, env = "ENABLE_API", value_parser = switch, num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    pub(super) enable_api: bool,

    /// Token that lets into the HTTP API: in the query as `token`, or as `Authorization: Bearer …`
    #[arg(short = 't', long, env = "AUTH_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(super) auth_token: Option<String>,

    /// Secret that JSON Web Tokens for the HTTP API are signed with; for RS…, PS…, ES… the public key in PEM
    #[arg(long, env = "JWT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub(super) jwt_secret: Option<String>,

    /// How JSON Web Tokens are signed
    #[arg(long, env = "JWT_METHOD", default_value = "HS256", value_name = "METHOD")]
    pub(super) jwt_method: String,
}

/// A variable that is set to nothing says nothing.
fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "" | "false" | "0" | "no" | "off" => Ok(false),
        "true" | "1" | "yes" | "on" => Ok(true),
        _ => Err("expected `true` or `false`".to_owned()),
    }
}

/// A word alone is a level: a misspelt one would be taken for a target, and nothing else be logged.
fn level(text: &str) -> Result<Targets, String> {
    let is_clear = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    if let Some(part) = text.split(',').find(|part| !is_clear(part)) {
        return Err(format!(
            "`{part}` is neither error, warn, info, debug, trace or off nor a target with its level"
        ));
    }
    text.parse().map_err(|error| format!("{error}"))
}

fn seconds(text: &str) -> Result<Duration, String> {
    time(text, 1.0, "seconds")
}

fn hours(text: &str) -> Result<Duration, String> {
    time(text, 3600.0, "hours")
}

fn days(text: &str) -> Result<Duration, String> {
    time(text, 86_400.0, "days")
}

fn time(text: &str, seconds: f64, unit: &str) -> Result<Duration, String> {
    let number = text.parse::<f64>().map_err(|_| format!("expected a number of {unit}"))?;
    let time = Duration::try_from_secs_f64(number * seconds).ok().filter(|time| !time.is_zero());
    time.ok_or_else(|| format!("expected a number of {unit} above 0"))
}
