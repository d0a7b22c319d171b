//! What is counted and timed, for whoever installs a recorder of `metrics`. Labels are channels, kinds and outcomes: as many
//! as the credentials have channels.

use std::{sync::Arc, time::Duration};

use metrics::{Unit::Seconds, counter, describe_counter, describe_histogram, histogram};

/// Tells the recorder of the crate `metrics` that is installed what each of the engine's metrics is.
pub fn describe() {
    describe_histogram!("channel_ack_seconds", Seconds, "From the call until a message was kept.");
    describe_counter!("channel_duplicates_total", "Messages that came again.");
    describe_histogram!(
        "channel_lane_wait_seconds",
        Seconds,
        "From the arrival of a message until its turn came."
    );
    describe_histogram!("channel_turn_seconds", Seconds, "Turns that ran to their end.");
    describe_counter!("channel_turn_failures_total", "Turns that failed and are run again.");
    describe_counter!("channel_dead_letters_total", "Messages and replies that were given up, by kind.");
    describe_counter!("channel_sends_total", "Tries to send a reply, by outcome.");
    describe_histogram!("channel_send_seconds", Seconds, "Tries to send a reply.");
    describe_histogram!(
        "channel_limiter_wait_seconds",
        Seconds,
        "How long a reply waited for its platform's limits."
    );
}

fn label(channel: &Arc<str>) -> metrics::SharedString {
    metrics::SharedString::from_shared(Arc::clone(channel))
}

/// From the call until the message was kept.
pub(crate) fn acknowledged(channel: &Arc<str>, took: Duration) {
    histogram!("channel_ack_seconds", "channel" => label(channel)).record(took);
}

/// A message came again.
pub(crate) fn duplicate(channel: &Arc<str>) {
    counter!("channel_duplicates_total", "channel" => label(channel)).increment(1);
}

/// From the arrival of a message until its turn came.
pub(crate) fn waited(channel: &Arc<str>, took: Duration) {
    histogram!("channel_lane_wait_seconds", "channel" => label(channel)).record(took);
}

/// A turn ran to its end.
pub(crate) fn turn(channel: &Arc<str>, took: Duration) {
    histogram!("channel_turn_seconds", "channel" => label(channel)).record(took);
}

/// A turn failed.
pub(crate) fn turn_failed(channel: &Arc<str>) {
    counter!("channel_turn_failures_total", "channel" => label(channel)).increment(1);
}

/// A message or a reply was given up.
pub(crate) fn dead_letter(kind: &'static str, channel: &Arc<str>) {
    counter!("channel_dead_letters_total", "kind" => kind, "channel" => label(channel)).increment(1);
}

/// A try to send ended.
pub(crate) fn sent(channel: &Arc<str>, outcome: &'static str, took: Duration) {
    counter!("channel_sends_total", "channel" => label(channel), "outcome" => outcome).increment(1);
    histogram!("channel_send_seconds", "channel" => label(channel)).record(took);
}

/// How long a reply waited for the limits of its platform.
pub(crate) fn limited(channel: &Arc<str>, took: Duration) {
    histogram!("channel_limiter_wait_seconds", "channel" => label(channel)).record(took);
}
