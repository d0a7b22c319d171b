//! What channel-core promises, through its public interface.

mod capabilities;
mod compile_fail;
mod generated;
mod json;
mod output;
mod settings;
mod tracker;
