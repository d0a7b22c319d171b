//! Through the public interface.

mod action_server;
mod actions;
mod nlg;
mod nlu;
mod rasa;
mod refusals;
mod replay;
mod responses;
mod rules;
mod session;
mod support;
