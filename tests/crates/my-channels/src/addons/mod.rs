//! What is added on.

pub mod custom_channel;
