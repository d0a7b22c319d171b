//! Through the public interface.

mod action_server;
mod actions;
mod dialogue;
mod nlg;
mod nlu;
mod rasa;
mod refusals;
mod replay;
mod responses;
mod robustness;
mod rules;
mod session;
mod support;
mod wording;
