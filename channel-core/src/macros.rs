//! The macros, with their documentation: here its examples compile.

pub use channel_macros::{channel, health, metadata, output, routes, start, verify, webhook};
