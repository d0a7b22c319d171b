//! The store of several servers, in a `PostgreSQL` of the tests' own.

mod batches;
pub(crate) mod cluster;
mod connecting;
mod engines;
mod outages;
mod repeats;
mod support;
mod takeover;
