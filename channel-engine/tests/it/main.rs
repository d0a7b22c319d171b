//! The engine, through its public interface, and the promises of stores.

mod choices;
mod concurrency;
mod duplicates;
mod failures;
mod faulty;
mod limits;
mod model;
mod mounting;
mod order;
mod outbox;
mod platform;
#[cfg(feature = "postgres")]
mod postgres;
mod recovery;
mod reminders;
mod retention;
mod retries;
mod shutdown;
#[cfg(feature = "sqlite")]
mod sqlite;
mod steps;
mod store;
mod support;
