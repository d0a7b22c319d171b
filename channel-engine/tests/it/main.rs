//! The engine, through its public interface, and the promises of stores.

mod store;
