#![doc = include_str!("../README.md")]

mod call;
mod client;
mod config;
mod config_error;
mod endpoint;
mod error;
mod excerpt;
mod lines;
mod reply;
mod retry;

pub use call::Call;
pub use config::{BasicAuth, EndpointConfig};
pub use config_error::EndpointConfigError;
pub use endpoint::Endpoint;
pub use error::EndpointError;
pub use lines::Lines;
pub use reply::{MAX_REPLY, Reply};
pub use retry::retried;
