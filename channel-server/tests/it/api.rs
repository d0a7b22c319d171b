//! The HTTP API.

mod access;
mod conversations;
mod described;
mod events;
mod hostile;
mod model;
mod operations;
mod stories;
mod support;
mod triggers;
