//! The recorder: one for the process.

use std::{sync::LazyLock, thread, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper limits in seconds, from a turn in memory to a bot that takes its time.
const SECONDS: [f64; 15] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

/// Upper limits in seconds of what a store takes to keep a message.
const ACKNOWLEDGED: [f64; 12] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// What is timed stays in memory one by one until it is put into buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// `None` where the program has installed a recorder of its own.
static RECORDER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(new);

/// Installs the recorder, once.
pub(super) fn install() {
    LazyLock::force(&RECORDER);
}

/// What was recorded, as text.
pub(super) fn recorded() -> String {
    RECORDER.as_ref().map(PrometheusHandle::render).unwrap_or_default()
}

fn new() -> Option<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets(&SECONDS)
        .and_then(|builder| {
            builder.set_buckets_for_metric(Matcher::Full("channel_ack_seconds".to_owned()), &ACKNOWLEDGED)
        })
        .expect("the only error is that there are no buckets");
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!(
            "the program has a recorder of `metrics` already, which keeps what is counted: `/metrics` shows the backlog alone"
        );
        return None;
    }
    channel_engine::describe_metrics();
    keep_up(handle.clone());
    Some(handle)
}

/// A thread of its own: the recorder outlives every server, and every runtime.
fn keep_up(handle: PrometheusHandle) {
    let upkeep = move || {
        loop {
            thread::sleep(UPKEEP);
            handle.run_upkeep();
        }
    };
    if let Err(error) = thread::Builder::new().name("metrics".to_owned()).spawn(upkeep) {
        tracing::error!(%error, "there is no thread for metrics: they take more memory until the next scrape");
    }
}
