#![doc = include_str!("../README.md")]

mod actions;
mod agent;
mod dialogue;
mod domain;
mod load;
mod nlu;
mod pattern;
mod respond;
mod rules;
mod turn;
mod yaml;

pub use actions::{
    ActionCall, ActionError, ActionOutcome, ActionRefusal, ActionRequest, ActionServer, CustomAction,
    IntoAction,
};
pub use agent::{BuildError, DomainAgent, DomainAgentBuilder};
pub use load::{Bot, LoadError};
pub use respond::Chooser;
