//! The engine, through its public interface, and the promises of stores.

// mod duplicates;
// mod failures;
// mod limits;
// mod model;
// mod order;
// mod steps;
#[cfg(feature = "postgres")]
mod postgres;
mod store;
// mod support;
