//! What is counted and timed, for whoever installs a recorder of `metrics`. Labels are channels, kinds and outcomes: as many
//! as the credentials have channels.

use std::{sync::Arc, time::Duration};

use metrics::{counter, histogram};

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
