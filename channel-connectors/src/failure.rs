//! A call that came to nothing, as a send that failed.

use channel_core::SendError;
use channel_endpoint::EndpointError;

/// The failure of a send, which begins by saying what failed.
pub(crate) fn send_error(what: &str, error: EndpointError) -> SendError {
    let reason = format!("{what}: {error}");
    let failure = match &error {
        EndpointError::TimedOut { .. } | EndpointError::Lost { .. } => SendError::unknown(reason),
        _ if error.is_retryable() => SendError::retryable(reason),
        _ => SendError::permanent(reason),
    };
    let failure = match error.retry_after().filter(|_| error.is_retryable()) {
        Some(wait) => failure.after(wait),
        None => failure,
    };
    failure.because(error)
}
