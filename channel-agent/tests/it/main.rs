//! Through the public interface.

mod actions;
mod dialogue;
mod nlu;
mod refusals;
mod replay;
mod responses;
mod robustness;
mod rules;
mod session;
mod support;
