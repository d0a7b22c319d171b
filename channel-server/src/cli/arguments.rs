//! What the command line may say.

use std::path::PathBuf;

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

    /// Seconds that an answer may take; the turn goes on after that
    #[arg(long, env = "RESPONSE_TIMEOUT", default_value = "3600", value_name = "SECONDS", value_parser = seconds)]
    pub(super) response_timeout: std::time::Duration,

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

fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let seconds = text.parse::<f64>().map_err(|_| "expected a number of seconds".to_owned())?;
    let time = std::time::Duration::try_from_secs_f64(seconds)
        .map_err(|_| "expected a number of seconds above 0".to_owned())?;
    if time.is_zero() { Err("expected a number of seconds above 0".to_owned()) } else { Ok(time) }
}
