//! Calls that are made again.

use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};

use crate::EndpointError;

/// The tries after the first.
const FURTHER_TRIES: usize = 3;

/// The least pause before the second try; each later one is [`FACTOR`] times as long. Up to as much again comes on top by
/// chance, lest everybody come back at once.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

const FACTOR: f32 = 3.0;

/// After this time no other try begins.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a call up to four times, as long as its failure [may pass](EndpointError::is_retryable) and `may_repeat` allows
/// another try.
///
/// The pauses grow from 0.3 seconds to a few, or are as long as `Retry-After` says. No try begins more than 10 seconds after
/// the first did, so that what times out late, or wants to be left alone for long, is not called again.
///
/// # Errors
///
/// Those of the last try.
///
/// # Examples
///
/// ```no_run
/// use channel_endpoint::{Endpoint, EndpointConfig, retried};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoint = Endpoint::new(EndpointConfig::new("http://localhost:5055/webhook"))?;
/// let body = serde_json::json!({ "text": "Hi!" });
/// // Only what it can't have heard is said again.
/// retried(|| endpoint.post("", &body).send(), |error| !error.was_sent()).await?;
/// # Ok(())
/// # }
/// ```
pub async fn retried<T, F>(
    call: impl FnMut() -> F,
    may_repeat: impl Fn(&EndpointError) -> bool,
) -> Result<T, EndpointError>
where
    F: Future<Output = Result<T, EndpointError>>,
{
    let backoff = ExponentialBuilder::new()
        .with_min_delay(FIRST_PAUSE)
        .with_factor(FACTOR)
        .with_max_times(FURTHER_TRIES)
        .with_jitter();
    let begun = Instant::now();
    call.retry(backoff)
        .when(|error: &EndpointError| error.is_retryable() && may_repeat(error))
        .adjust(|error, pause| {
            let pause = error.retry_after().filter(|_| pause.is_some()).or(pause)?;
            (begun.elapsed().saturating_add(pause) <= PATIENCE).then_some(pause)
        })
        .notify(|error, pause| tracing::warn!(%error, ?pause, "a call failed; it is made again"))
        .await
}
