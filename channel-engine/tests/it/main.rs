//! The engine, through its public interface, and the promises of stores.

mod duplicates;
mod failures;
mod limits;
mod model;
mod order;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod steps;
mod store;
mod support;
