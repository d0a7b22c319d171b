//! The store of several servers, in a `PostgreSQL` of the tests' own.

pub(crate) mod cluster;
mod connecting;
mod outages;
mod repeats;
mod support;
mod takeover;
