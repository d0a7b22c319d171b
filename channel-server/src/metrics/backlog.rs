//! How much there is to do, as gauges. They are the server's, not the process's: they are written as they are read.

use std::{fmt::Write as _, time::SystemTime};

use channel_engine::Backlog;

/// Adds the gauges to a text for Prometheus.
pub(super) fn write(text: &mut String, backlog: &Backlog) {
    let mut count = |name, help, value: u64| gauge(text, name, help, value);
    count("pending_messages", "Messages whose turns are not over.", backlog.pending);
    count("unsent_replies", "Replies that are not sent.", backlog.unsent);
    count("scheduled", "Messages and replies that wait for their time.", backlog.scheduled);
    count("dead_letters", "Messages and replies that were given up and are kept.", backlog.dead_letters);
    let mut age = |name, help, since| gauge(text, name, help, age(since));
    age(
        "oldest_pending_seconds",
        "The age of the oldest pending message; 0 without any.",
        backlog.oldest_pending,
    );
    age("oldest_unsent_seconds", "The age of the oldest unsent reply; 0 without any.", backlog.oldest_unsent);
}

fn gauge(text: &mut String, name: &str, help: &str, value: impl std::fmt::Display) {
    let name = format_args!("channel_backlog_{name}");
    // A string takes everything.
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n\n");
}

fn age(since: Option<SystemTime>) -> f64 {
    since.and_then(|since| since.elapsed().ok()).unwrap_or_default().as_secs_f64()
}
