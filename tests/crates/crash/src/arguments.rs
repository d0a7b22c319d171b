//! The command line.

use std::{path::PathBuf, time::Duration};

use channel_server::StoreLocation;
use clap::{Args, Parser, Subcommand};

/// Kills a server under load again and again, and looks for what it lost.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) part: Option<Part>,
    #[command(flatten)]
    pub(crate) drive: Drive,
}

#[derive(Subcommand)]
pub(crate) enum Part {
    /// The server that is killed: the driver starts it.
    #[command(hide = true)]
    Serve(Serve),
}

/// What is done to the server, and how hard.
#[derive(Args)]
pub(crate) struct Drive {
    /// How often a server is ended: mostly with SIGKILL, now and then with SIGTERM.
    #[arg(long, default_value_t = 30)]
    pub(crate) kills: u32,
    /// Lets people on fakes of Slack and Telegram talk to the built-in channels, in place of a channel of this test's own.
    #[arg(long, conflicts_with = "kill_database")]
    pub(crate) platforms: bool,
    /// Makes the same choices again: when to kill, and which turns are slow or fail.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many conversations there are.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) conversations: u32,
    /// How many messages are sent in a second, in all conversations together; with `--platforms`, which are slow, 20.
    #[arg(long, default_value_t = 200, default_value_if("platforms", "true", "20"), value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: u32,
    /// How many servers share the store.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) servers: u32,
    /// Where messages are kept: a file or the URL of a database, both of them new; `memory`, which loses them; or
    /// `postgres`, a temporary database; without it, a temporary file.
    #[arg(long)]
    pub(crate) store: Option<String>,
    /// Also kill the temporary database, as often as every third server.
    #[arg(long)]
    pub(crate) kill_database: bool,
    /// How many seconds the server may take to finish in the end.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) patience: Duration,
    /// Keep the temporary folder with the store and the server's log, also if nothing was lost.
    #[arg(long)]
    pub(crate) keep: bool,
}

/// What one server needs to know.
#[derive(Args, Clone)]
pub(crate) struct Serve {
    /// Where messages are kept.
    #[arg(long)]
    pub(crate) store: StoreLocation,
    /// The channels, as `credentials.yml` has them.
    #[arg(long)]
    pub(crate) credentials: String,
    /// Where a turn that fails once leaves a mark.
    #[arg(long)]
    pub(crate) marks: PathBuf,
    /// Decides which turns are slow or fail.
    #[arg(long)]
    pub(crate) seed: u64,
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}
