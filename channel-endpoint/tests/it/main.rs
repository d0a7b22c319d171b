//! Calls over real sockets.

mod again;
mod failures;
mod leaks;
mod lines;
mod replies;
mod requests;
mod settings;
mod support;
mod tls;
