//! The built-in connectors, each written with `#[channel]` like a user's own.
//!
//! Linking the crate registers them; `channel-server` does.

mod rest;

pub use rest::Rest;
