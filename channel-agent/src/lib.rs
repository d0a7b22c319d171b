#![doc = include_str!("../README.md")]

mod actions;
mod agent;
mod dialogue;
mod domain;
mod endpoint_keys;
mod load;
mod nlg;
mod nlu;
mod pattern;
mod rasa;
mod respond;
mod rules;
mod trace;
mod turn;
mod yaml;

pub use actions::{
    ActionCall, ActionError, ActionOutcome, ActionRefusal, ActionRequest, ActionServer, ActionServerConfig,
    ActionServerError, CustomAction, HttpActionServer, IntoAction,
};
pub use agent::{BuildError, DomainAgent, DomainAgentBuilder};
pub use load::{Bot, LoadError};
pub use nlg::{HttpNlgServer, NlgChannel, NlgRequest, NlgServer, NlgServerError};
pub use rasa::{RasaAgent, RasaAgentConfig, RasaError};
pub use respond::Chooser;
