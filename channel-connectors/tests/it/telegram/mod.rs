//! `telegram`: updates become messages, replies become calls of the Bot API.

mod bot_api;
mod credentials;
mod failures;
mod formats;
mod presses;
mod receiving;
mod replies;
mod requests;
mod support;
mod traffic;
mod updates;
