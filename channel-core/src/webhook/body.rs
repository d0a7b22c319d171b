//! Reading a request's body.

use std::error::Error;

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
};
use http_body_util::{BodyExt, LengthLimitError};

use super::Problem;

/// Reads the whole body. Its limits of size and time are the server's.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, Problem> {
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => Err(refusal(&error)),
    }
}

fn refusal(error: &(dyn Error + 'static)) -> Problem {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
        }
        if error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
        {
            return Problem::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time");
        }
        cause = error.source();
    }
    Problem::bad_request("the body could not be read to its end")
}
