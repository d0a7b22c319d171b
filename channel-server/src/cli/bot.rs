//! Who answers, as the program and the command line say.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use channel_agent::{Bot, DomainAgent, DomainAgentBuilder, HttpActionServer, HttpNlgServer, RasaAgent};
use channel_core::Agent;

use super::{Failure, arguments::WhoAnswers};
use crate::endpoints::{self, Endpoints};

/// Adds a custom action to a domain agent.
pub(super) type AddAction = Box<dyn FnOnce(DomainAgentBuilder) -> DomainAgentBuilder>;

/// What a program says of who answers.
pub(super) struct Answerer {
    pub(super) agent: Arc<dyn Agent>,
    pub(super) folder: Option<PathBuf>,
    pub(super) actions: Vec<AddAction>,
}

/// Who answers, and what else the endpoints say.
pub(super) struct Answering {
    pub(super) agent: Arc<dyn Agent>,
    pub(super) endpoints: Endpoints,
}

impl Answerer {
    /// What the endpoints say.
    pub(super) fn endpoints(&self, said: &WhoAnswers) -> Result<Endpoints, Failure> {
        read_endpoints(said, said.bot.as_deref().or(self.folder.as_deref()))
    }

    /// The Rasa server that the endpoints name, or else the bot in the folder, or else the program's own agent.
    pub(super) fn resolve(self, said: &WhoAnswers) -> Result<Answering, Failure> {
        let folder = said.bot.clone().or(self.folder);
        let endpoints = read_endpoints(said, folder.as_deref())?;
        let agent = match (&endpoints.agent, folder) {
            (Some(rasa), _) => Arc::new(RasaAgent::new(rasa.clone())?),
            (None, Some(folder)) => domain_agent(&folder, self.actions, &endpoints)?,
            (None, None) => self.agent,
        };
        Ok(Answering { agent, endpoints })
    }
}

/// The file that the command line names; else `endpoints.yml`, beside the bot where there is one, if it is there.
fn read_endpoints(said: &WhoAnswers, folder: Option<&Path>) -> Result<Endpoints, Failure> {
    if let Some(path) = &said.endpoints {
        return Ok(endpoints::load(path)?);
    }
    let path = folder.unwrap_or(Path::new("")).join("endpoints.yml");
    if path.exists() { Ok(endpoints::load(&path)?) } else { Ok(Endpoints::default()) }
}

fn domain_agent(
    folder: &Path,
    actions: Vec<AddAction>,
    endpoints: &Endpoints,
) -> Result<Arc<dyn Agent>, Failure> {
    let mut builder = DomainAgent::builder(Bot::load(folder)?);
    if let Some(config) = &endpoints.action_endpoint {
        builder = builder.action_server(Arc::new(HttpActionServer::new(config.clone())?));
    }
    if let Some(config) = &endpoints.nlg {
        builder = builder.nlg_server(Arc::new(HttpNlgServer::new(config.clone())?));
    }
    let builder = actions.into_iter().fold(builder, |builder, add| add(builder));
    Ok(Arc::new(builder.build()?))
}
