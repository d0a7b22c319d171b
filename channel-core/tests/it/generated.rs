//! Channels that the macros write, driven as the server drives them.

mod arguments;
mod messages;
mod methods;
mod registry;
mod secret;
mod support;
mod traces;
mod verify;
