//! Calls over real sockets.

mod failures;
mod leaks;
mod replies;
mod requests;
mod settings;
mod support;
mod tls;
