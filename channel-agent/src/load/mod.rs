//! A Rasa bot's folder, read and checked.

mod config;
mod domain;
mod files;
mod intents;
mod nlu;
mod problems;
mod responses;
mod rules;
mod slots;

pub use problems::LoadError;
pub(crate) use problems::{Problems, RUN_IN_RASA, meant};

use std::path::Path;

use self::config::Config;
use crate::{
    domain::Domain,
    nlu::{Nlu, TrainingData},
    rules::{Rule, Rules},
    yaml::Node,
};

/// What only Rasa can do with the sections of data files.
const UNSUPPORTED: [(&str, &str); 4] = [
    ("stories", "stories, from which policies learn"),
    ("flows", "flows"),
    ("forms", "forms"),
    ("responses", "responses to retrieval intents"),
];

/// A Rasa bot, as its folder describes it: `domain.yml` (or the files in `domain/`), `data/` and `config.yml`.
///
/// # Examples
///
/// ```
/// let bot = channel_agent::Bot::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bot"))?;
/// assert!(bot.intents().any(|intent| intent == "greet"));
///
/// let error = channel_agent::Bot::load("no/such/folder").unwrap_err();
/// assert!(error.to_string().contains("there is no such folder"));
/// # Ok::<_, channel_agent::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Bot {
    pub(crate) domain: Domain,
    pub(crate) nlu: Nlu,
    pub(crate) rules: Rules,
    pub(crate) assistant_id: Option<String>,
}

impl Bot {
    /// Reads a bot's folder.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the folder, and everything in it that only Rasa can do, each with its file, line
    /// and column.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, LoadError> {
        let folder = folder.as_ref();
        let mut problems = Problems::default();
        let files = files::read(folder, &mut problems);
        let domain = domain::load(&files.domain, &mut problems);
        let config = files.config.map(|file| config::load(&file, &mut problems)).unwrap_or_default();
        let bot = Self::put_together(domain, &files.data, config, &mut problems);
        problems.into_result(folder.to_owned())?;
        Ok(bot)
    }

    fn put_together(domain: Domain, data: &[Node], config: Config, problems: &mut Problems) -> Self {
        let (mut rules, mut training) = (Vec::new(), TrainingData::default());
        for file in data {
            data_file(file, &domain, &mut rules, &mut training, problems);
        }
        check_fallback(&config, &domain, problems);
        warn_of_unknown_intents(&training, &domain);
        Self {
            nlu: Nlu::learn(training, &config.pipeline, problems),
            rules: Rules::learn(&rules, config.fallback, &domain, problems),
            assistant_id: config.assistant_id,
            domain,
        }
    }

    /// The intents that the domain declares, in alphabetical order.
    pub fn intents(&self) -> impl Iterator<Item = &str> {
        self.domain.intents.keys().map(String::as_str)
    }

    /// The custom actions that the domain declares, in alphabetical order.
    pub fn custom_actions(&self) -> impl Iterator<Item = &str> {
        self.domain.actions.keys().map(String::as_str)
    }
}

fn data_file(
    file: &Node,
    domain: &Domain,
    rules: &mut Vec<Rule>,
    training: &mut TrainingData,
    problems: &mut Problems,
) {
    for (key, section) in problems.map(file, "a file of data") {
        match key.text.as_str() {
            "version" => {}
            "nlu" => nlu::load(section, training, problems),
            "rules" => self::rules::load(section, domain, rules, problems),
            name => match UNSUPPORTED.iter().find(|(section, _)| *section == name) {
                Some((_, what)) => problems.unsupported(&key.place, format_args!("the data has {what}")),
                None => problems.add(
                    &key.place,
                    format!("`{name}` is no section of data"),
                    meant(name, ["version", "nlu", "rules"], "remove it"),
                ),
            },
        }
    }
}

/// Rasa classifies messages as such an intent, too, and no rule answers it.
fn warn_of_unknown_intents(training: &TrainingData, domain: &Domain) {
    let mut unknown: Vec<_> = training.examples.iter().map(|example| example.intent.as_str()).collect();
    unknown.retain(|intent| !domain.has_intent(intent));
    unknown.dedup();
    for intent in unknown {
        tracing::warn!(intent, "the examples have an intent that is not in the domain");
    }
}

fn check_fallback(config: &Config, domain: &Domain, problems: &mut Problems) {
    if let Some(place) = &config.fallback.place
        && !crate::actions::is_known(&config.fallback.action, domain)
    {
        let problem = format!("the fallback action `{}` is unknown", config.fallback.action);
        problems.add(place, problem, "list it under `actions` or `responses` of the domain");
    }
}
