//! Logs, for people or for machines.

use clap::ValueEnum;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Writes logs to standard error. A program that has set up its own keeps it.
pub(crate) fn start(filter: Targets, format: LogFormat) {
    let registry = tracing_subscriber::registry().with(filter);
    let text = || fmt::layer().with_writer(std::io::stderr).with_target(false);
    // The only failure is that there is a subscriber already.
    let _ = match format {
        LogFormat::Text => {
            registry.with(text().with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))).try_init()
        }
        LogFormat::Json => registry.with(text().json().flatten_event(true)).try_init(),
    };
}
