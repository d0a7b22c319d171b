#![doc = include_str!("../README.md")]

mod api;
mod cli;
mod config;
pub mod credentials;
mod echo;
pub mod endpoints;
mod http;
mod limits;
mod logging;
mod metrics;
mod mount;
mod server;
mod storage;

// Linking the crate registers the built-in channels.
use channel_connectors as _;

pub use api::{ApiOptions, Jwt, JwtError};
pub use channel_agent as agent;
pub use channel_agent::{ActionCall, ActionError, ActionOutcome};
pub use channel_core as core;
pub use channel_engine as engine;
pub use cli::{Main, main};
pub use echo::Echo;
pub use limits::Limits;
pub use server::{Builder, RunningServer, Server, StartError};
pub use storage::StoreLocation;
