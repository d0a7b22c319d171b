//! What channel-core promises, through its public interface.

mod compile_fail;
mod output;
mod settings;
mod tracker;
