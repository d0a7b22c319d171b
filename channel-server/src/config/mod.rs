//! Files that configure the server: YAML with positions, environment variables filled in.

mod error;
mod file;
mod parse;
mod syntax;
mod variables;

pub use error::ConfigError;
pub(crate) use error::{Problem, spoken};
pub(crate) use file::read;
pub(crate) use parse::parse;
pub use variables::Environment;
