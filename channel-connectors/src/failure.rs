//! A call that came to nothing, as a send that failed.

use channel_core::SendError;
use channel_endpoint::EndpointError;

/// The failure of a send, which begins by saying what failed.
pub(crate) fn send_error(what: &str, error: EndpointError) -> SendError {
    error.into_send_error(what)
}
