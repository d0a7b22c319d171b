//! Channels as a user writes them, in a module tree of their own.

pub mod addons;
